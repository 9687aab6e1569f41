using Automation.Lab.Account;
using Npgsql;

namespace Automation.Lab.Soak;

/// <summary>A database of the soak, and the secret with which its application logs in.</summary>
/// <param name="Instance">Its servers.</param>
/// <param name="Registered">As AWS names it.</param>
/// <param name="SecretArn">Of its application.</param>
internal sealed record SoakDatabase(LabInstance Instance, RegisteredDatabase Registered, string SecretArn)
{
    /// <summary>The application's role.</summary>
    public const string Role = "application";

    public string Id => Instance.Id;

    public NpgsqlConnectionStringBuilder Login(string user, string password) => Instance.Login(user, password, "application");
}
