namespace Automation.Secrets;

/// <summary>
/// The JSON of an administrator's secret, as <c>masterarn</c> names it. One that RDS manages has a user and a password and
/// nothing else.
/// </summary>
internal sealed record AdministratorDocument
{
    /// <summary><c>null</c> in a secret made by RDS, whose tags tell the database.</summary>
    public required string? Host { get; init; }

    public required string Username { get; init; }
    public required Concealed Password { get; init; }

    /// <summary>Reads a secret.</summary>
    /// <returns>The secret, or <c>null</c> with the first fault.</returns>
    public static AdministratorDocument? Read(string json, out SecretFault? fault)
    {
        var members = SecretMembers.Read(json, "host", "username", "password");
        var document = new AdministratorDocument { Username = members.Username(), Password = members.Password(), Host = members.OptionalHost() };
        fault = members.Fault;
        return fault is null ? document : null;
    }
}
