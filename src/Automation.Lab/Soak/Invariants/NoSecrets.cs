namespace Automation.Lab.Soak.Invariants;

/// <summary>No password, key or signature is in a log, a notification, an item of the ledger, a metric or the text of a statement.</summary>
internal static class NoSecrets
{
    public static Verdict Judge(SoakFacts facts) => new(
        "9 no secret is written anywhere",
        [
            new(facts.Canaries.Count, "secrets"),
            .. SoakTexts.Kinds.Select(kind => new Shown(facts.Texts.Count(writing => writing.Kind == kind), kind, MayBeAbsent: kind == SoakTexts.DeadLetters)),
        ],
        [.. facts.Texts.SelectMany(writing => facts.Canaries
            .Where(canary => canary.NotIn != writing.Kind && writing.Text.Contains(canary.Value, StringComparison.Ordinal))
            .Select(canary => $"{writing.Source} holds {canary.Name}")).Distinct()]);
}
