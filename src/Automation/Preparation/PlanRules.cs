using Automation.Telemetry;

namespace Automation.Preparation;

/// <summary>What happened to a role, told by what the catalog said of it before and after. Pure.</summary>
internal static class PlanRules
{
    private const int LongestStep = 500;

    /// <summary>What CREATE ROLE gives a role that is asked nothing else: only what differs is worth telling.</summary>
    private static readonly RoleFact[] New =
    [
        Attribute("bypassrls", "NOBYPASSRLS"), Attribute("connlimit", "CONNECTION LIMIT -1"), Attribute("createdb", "NOCREATEDB"), Attribute("createrole", "NOCREATEROLE"),
        Attribute("inherit", "INHERIT"), Attribute("login", "NOLOGIN"), Attribute("replication", "NOREPLICATION"), Attribute("superuser", "NOSUPERUSER"),
    ];

    /// <summary>One step for each difference, as the statement that makes it; none when nothing changed.</summary>
    /// <param name="role">Its name, quoted where SQL asks for it.</param>
    /// <param name="database">The one that the script ran in, quoted as well.</param>
    /// <param name="before">Every fact; none when there is no such role.</param>
    /// <param name="after">The same, afterwards.</param>
    public static IReadOnlyList<string> Steps(string role, string database, IReadOnlyList<RoleFact> before, IReadOnlyList<RoleFact> after)
    {
        var was = (before.Count > 0 ? before : New).ToDictionary(KeyOf);
        var now = after.ToDictionary(KeyOf);
        var made = now.Where(fact => !was.TryGetValue(fact.Key, out var earlier) || earlier.Value != fact.Value.Value).Select(fact => (Fact: fact.Value, IsGone: false));
        // A role has every attribute, as long as it is there.
        var gone = was.Where(fact => fact.Value.Kind != RoleFactKind.Attribute && !now.ContainsKey(fact.Key)).Select(fact => (Fact: fact.Value, IsGone: true));
        return
        [
            .. made.Concat(gone)
                .OrderBy(change => change.Fact.Kind).ThenBy(change => change.Fact.Name, StringComparer.Ordinal).ThenBy(change => change.Fact.By, StringComparer.Ordinal)
                .Select(change => Printable.Line(change.IsGone ? Gone(role, database, change.Fact) : Made(role, database, change.Fact), LongestStep)),
        ];
    }

    private static string Made(string role, string database, RoleFact fact) => fact.Kind switch
    {
        RoleFactKind.Role => $"create role {role}",
        RoleFactKind.Attribute => $"alter role {role} {fact.Value}",
        RoleFactKind.Setting => $"alter role {role}{In(fact)} set {fact.Name} = '{fact.Value}'",
        RoleFactKind.Comment => $"comment on role {role} is '{fact.Value}'",
        RoleFactKind.MemberOf => $"grant {fact.Name} to {role}{fact.Value}",
        RoleFactKind.Member => $"grant {role} to {fact.Name}{fact.Value} (by {fact.By})",
        RoleFactKind.DatabaseRight => $"grant {fact.Name} on database {database} to {role}{fact.Value}",
        _ => throw new ArgumentOutOfRangeException(nameof(fact), fact.Kind, "Not a kind of fact."),
    };

    private static string Gone(string role, string database, RoleFact fact) => fact.Kind switch
    {
        RoleFactKind.Role => $"drop role {role}",
        RoleFactKind.Setting => $"alter role {role}{In(fact)} reset {fact.Name}",
        RoleFactKind.Comment => $"comment on role {role} is null",
        RoleFactKind.MemberOf => $"revoke {fact.Name} from {role} (granted by {fact.By})",
        RoleFactKind.Member => $"revoke {role} from {fact.Name} (granted by {fact.By})",
        RoleFactKind.DatabaseRight => $"revoke {fact.Name} on database {database} from {role} (granted by {fact.By})",
        _ => throw new ArgumentOutOfRangeException(nameof(fact), fact.Kind, "Not a kind of fact."),
    };

    private static (RoleFactKind, string, string) KeyOf(RoleFact fact) => (fact.Kind, fact.Name, fact.By);

    private static string In(RoleFact setting) => setting.By.Length == 0 ? "" : $" in database {setting.By}";

    private static RoleFact Attribute(string name, string value) => new(RoleFactKind.Attribute, name, "", value);
}
