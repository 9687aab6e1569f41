using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Automation.Database;

namespace Automation.Secrets;

/// <summary>What each member of a database secret may hold. The user guide's "JSON structure of secrets" names them.</summary>
internal static partial class SecretRules
{
    private const string RoleName = $"a role name of {SqlIdentifier.Rule}";
    private const string HostName = "one host name or address";

    public static string Username(this SecretMembers members) => members.RequiredText("username", IsRoleName, RoleName);

    public static Concealed Password(this SecretMembers members) =>
        new(members.RequiredText("password", text => text.Length > 0, "a password that is not empty"));

    public static string Host(this SecretMembers members) => members.RequiredText("host", DatabaseEndpoint.IsHost, HostName);

    public static string? OptionalHost(this SecretMembers members) => members.Text("host", DatabaseEndpoint.IsHost, HostName);

    public static string Engine(this SecretMembers members) =>
        members.RequiredText("engine", text => text is "postgres" or "aurora-postgresql", "postgres or aurora-postgresql");

    public static string Database(this SecretMembers members) =>
        members.Text("dbname", text => text.Length == 0 || SqlIdentifier.IsName(text), $"a database name of {SqlIdentifier.Rule}")
            is { Length: > 0 } name ? name : "postgres";

    /// <summary>RDS writes a number; people and some templates a string.</summary>
    public static int Port(this SecretMembers members)
    {
        if (members.Find("port") is not { } value) return 5432;
        var isNumber = value.ValueKind == JsonValueKind.Number ? value.TryGetInt32(out var port)
            : int.TryParse(SecretMembers.Text(value), NumberStyles.None, CultureInfo.InvariantCulture, out port);
        if (!isNumber || port is < 1 or > 65535) members.Fail("port", "a port from 1 to 65535");
        return port;
    }

    /// <summary>Checked and then of no effect: the server's certificate is verified always, whatever the secret asks for.</summary>
    public static void Ssl(this SecretMembers members)
    {
        if (members.Find("ssl") is { } value && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)
            && !bool.TryParse(SecretMembers.Text(value), out _))
            members.Fail("ssl", "true or false");
    }

    public static string? AdministratorArn(this SecretMembers members) =>
        members.Text("masterarn", SecretArn().IsMatch, "the ARN of a secret");

    public static bool IamAdministrator(this SecretMembers members)
    {
        var isIam = members.Text("administrator", text => text == "iam", "iam, or nothing") is not null;
        if (isIam && members.Find("masterarn") is not null) members.Fail("administrator", "nothing, as masterarn names the administrator");
        return isIam;
    }

    /// <summary>The pair by explicit name: a suffix could be part of an unrelated role's name.</summary>
    public static IReadOnlyList<string>? Usernames(this SecretMembers members, string username)
    {
        if (members.Find("usernames") is not { } value) return null;
        string?[] names = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(SecretMembers.Text)] : [];
        if (names is [{ } one, { } other] && one != other && names.Contains(username) && IsRoleName(one) && IsRoleName(other))
            return [one, other];
        members.Fail("usernames", $"two different role names of {SqlIdentifier.Rule}, one of them that of username");
        return null;
    }

    /// <summary>As CloudFormation's SecretTargetAttachment writes them.</summary>
    public static string? Identifier(this SecretMembers members, string name) =>
        members.Text(name, DatabaseIdentifier().IsMatch, "an identifier of RDS: 1 to 63 letters, digits and hyphens");

    // The driver takes a blank name for none and would use the environment's.
    private static bool IsRoleName(string text) => !string.IsNullOrWhiteSpace(text) && SqlIdentifier.IsName(text);

    [GeneratedRegex(@"\Aarn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]{1,519}\z")]
    private static partial Regex SecretArn();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9-]{0,62}\z")]
    private static partial Regex DatabaseIdentifier();
}
