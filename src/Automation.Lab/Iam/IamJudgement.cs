namespace Automation.Lab.Iam;

/// <summary>An answer of IAM.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Verdict">The answer.</param>
/// <param name="Statements">Those that decided: all that deny, else all that allow.</param>
internal sealed record IamJudgement(IamQuestion Question, Verdict Verdict, IReadOnlyList<PolicyStatement> Statements)
{
    /// <summary>Why not, in AWS's words.</summary>
    public string Refusal(string principal) =>
        $"User: {principal} is not authorized to perform: {Question.Action} on resource: {Question.Resource} " + (Verdict == Verdict.Denied
            ? "with an explicit deny in an identity-based policy"
            : $"because no identity-based policy allows the {Question.Action} action");
}
