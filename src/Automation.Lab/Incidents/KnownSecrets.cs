using System.Text.Encodings.Web;
using Amazon.SecretsManager.Model;
using Automation.Lab.Aws;
using Automation.Lab.Secrets;

namespace Automation.Lab.Incidents;

/// <summary>Something that nobody may read anywhere.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="Value">Itself.</param>
internal sealed record KnownSecret(string Name, string Value)
{
    /// <summary>How it may be written: as it is, or as JSON and HTML write its characters.</summary>
    public IReadOnlyList<string> Forms { get; } =
    [
        .. new[]
        {
            Value, HtmlEncoder.Default.Encode(Value), JavaScriptEncoder.Default.Encode(Value), JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(Value),
        }.Distinct(StringComparer.Ordinal),
    ];

    public bool IsIn(string text) => Forms.Any(form => text.Contains(form, StringComparison.Ordinal));

    public override string ToString() => Name;
}

/// <summary>The secrets of a lab: what its report may not have.</summary>
internal static class KnownSecrets
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Keys of the functions' roles, master passwords, and the passwords of all roles that were made. Asks nobody.</summary>
    public static IReadOnlyList<KnownSecret> OfDatabasesAndRoles(LocalLab lab) =>
    [
        .. lab.Account.Template.Functions.Where(function => function.Role is not null).SelectMany(function => Keys(lab, function.LogicalId)),
        .. new[] { lab.Database, lab.Filling }.OfType<LabInstance>().SelectMany(database => database.Passwords
            .Select(made => new KnownSecret($"the password of {made.Role} on {database.Id}", made.Password))
            .Append(new KnownSecret($"the master password of {database.Id}", database.Server.MasterPassword))),
    ];

    /// <summary>Every version of every secret in Secrets Manager.</summary>
    public static async Task<IReadOnlyList<KnownSecret>> OfSecretsManagerAsync(LocalLab lab)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var clients = new LabClients(lab.Account.Endpoint.Uri, LabClients.Anybody, lab.Region);
        var found = new List<KnownSecret>();
        var page = new ListSecretsRequest();
        do
        {
            var listed = await clients.SecretsManager.ListSecretsAsync(page, limit.Token);
            foreach (var secret in listed.SecretList ?? [])
            {
                foreach (var version in await SecretVersions.AllAsync(clients.SecretsManager, secret.ARN, limit.Token))
                    found.Add(new KnownSecret($"the password in version {version.Id} of {secret.Name}", version.Password));
            }
            page.NextToken = listed.NextToken;
        }
        while (page.NextToken is { Length: > 0 });
        return found;
    }

    /// <summary>Those that are in a text; an empty value is in every text, and none.</summary>
    public static IReadOnlyList<KnownSecret> In(string text, IEnumerable<KnownSecret> secrets) =>
        [.. secrets.Where(secret => secret.Value.Length > 0 && secret.IsIn(text))];

    private static IEnumerable<KnownSecret> Keys(LocalLab lab, string function)
    {
        var role = lab.Account.Roles.CredentialsOf(function);
        yield return new KnownSecret($"the secret key of {function}", role.SecretAccessKey);
        yield return new KnownSecret($"the session token of {function}", role.SessionToken ?? "");
    }
}
