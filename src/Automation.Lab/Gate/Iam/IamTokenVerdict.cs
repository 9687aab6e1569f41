namespace Automation.Lab.Gate.Iam;

/// <summary>Whether a token lets its bearer in.</summary>
internal abstract record IamTokenVerdict
{
    private IamTokenVerdict()
    {
    }

    public sealed record Accepted(string AccessKeyId) : IamTokenVerdict;

    /// <param name="Reason">Code in kebab-case.</param>
    /// <param name="Sentence">What was expected. Holds nothing of the token: it may have been somebody's password.</param>
    public sealed record Refused(string Reason, string Sentence) : IamTokenVerdict;
}
