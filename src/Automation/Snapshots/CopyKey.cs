namespace Automation.Snapshots;

/// <summary>The key that copies at a destination are encrypted with.</summary>
internal abstract record CopyKey
{
    /// <summary>
    /// An alias, and not a setting for each Region: which key it is, the account says, and IAM grants it by the alias
    /// (condition <c>kms:ResourceAliases</c>).
    /// </summary>
    public const string Alias = "alias/rds-automation-snapshots";

    private CopyKey()
    {
    }

    public sealed record Usable(string Arn) : CopyKey;

    public sealed record Missing : CopyKey;

    /// <param name="Why">Reads on after the key's name.</param>
    public sealed record Unusable(string Why) : CopyKey;
}
