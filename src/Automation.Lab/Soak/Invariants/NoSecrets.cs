namespace Automation.Lab.Soak.Invariants;

/// <summary>No password is in a log, a notification, an item of the ledger, a metric or the text of a statement.</summary>
internal static class NoSecrets
{
    public static Verdict Judge(SoakFacts facts) => new(
        "9 no secret is written anywhere", facts.Canaries.Count == 0 ? 0 : facts.Texts.Count,
        [.. facts.Texts.SelectMany(writing => facts.Canaries
            .Where(canary => canary.NotIn != writing.Source && writing.Text.Contains(canary.Value, StringComparison.Ordinal))
            .Select(canary => $"{writing.Source} holds the password {canary.Name}")).Distinct()]);
}
