namespace Automation.Secrets;

/// <summary>What a person should know when the logins allow no change.</summary>
internal static class AbandonRules
{
    public static Refusal Explain(string reason) => new(reason, reason switch
    {
        Reasons.CurrentRefused => "the current version does not log in, and no other is known to: nothing is changed on the word of a secret that proves nothing; run the recovery",
        Reasons.PreviousLogsIn => "the previous version logs in and the current one does not: a label was moved without the database, or the database was changed without the secret; run the recovery",
        Reasons.NoVersionLogsIn => "neither the current, the pending nor the previous version logs in: the password was changed outside of the secret; run the recovery",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason to abandon."),
    });
}
