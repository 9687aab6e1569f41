namespace Automation.Secrets;

/// <summary>Why a step of a rotation did not happen.</summary>
/// <param name="Reason">Kebab-case code, one of <see cref="Reasons"/>.</param>
/// <param name="Sentence">What a person should know and do. Never a password, a token or a verifier.</param>
internal sealed record Refusal(string Reason, string Sentence)
{
    /// <summary>Whether the same step may succeed later without anybody doing anything: the outcome is then <c>failed</c>.</summary>
    public bool MayPass => Reasons.MayPass.Contains(Reason);
}
