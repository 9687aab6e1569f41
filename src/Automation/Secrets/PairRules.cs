namespace Automation.Secrets;

/// <summary>
/// What makes two login roles one to an application: both act as the same owner from their login on, so that what one creates
/// the other can use, and neither has, or may do, what the other does not.
/// </summary>
internal static class PairRules
{
    public static Refusal? Check(ServerFacts server, IReadOnlyList<string> pair)
    {
        var (first, second) = (server.Role(pair[0]), server.Role(pair[1]));
        if (pair.Contains(server.We))
            return new(Reasons.AdministratorIsRotated, "the administrator is one of the two roles: its own secret would go stale");
        if (PreflightRules.Of(first) is { } unfit) return unfit;
        if (PreflightRules.Of(second) is { } alsoUnfit) return alsoUnfit;
        if (first!.ActsAs is not { } owner || owner != second!.ActsAs || pair.Contains(owner))
            return Unequal("they do not both act as one owner role (ALTER ROLE … SET role = owner)");
        if (!first.MemberOf.Contains(owner) || !second.MemberOf.Contains(owner))
            return Unequal("they are not both members of the owner role");
        if (first.Attributes != second.Attributes)
            return Unequal($"their attributes differ ({first.Attributes} and {second.Attributes})");
        if (!first.Memberships.SequenceEqual(second.Memberships)) return Unequal("they are members of different roles, or with different options");
        if (!first.Settings.SequenceEqual(second.Settings)) return Unequal("their settings (ALTER ROLE … SET) differ");
        return first.OwnedObjects + second.OwnedObjects == 0
            ? null
            : new(Reasons.PairOwnsObjects, "one of the two login roles owns objects, which the other may not use: REASSIGN OWNED to the owner role");
    }

    private static Refusal Unequal(string how) => new(Reasons.PairUnequal, $"the two login roles are not alike: {how}; see sql/alternating-users.sql");
}
