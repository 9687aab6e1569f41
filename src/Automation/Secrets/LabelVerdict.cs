namespace Automation.Secrets;

/// <summary>What the staging labels allow a step to do.</summary>
internal abstract record LabelVerdict
{
    private LabelVerdict()
    {
    }

    /// <param name="CurrentVersion">The version that applications use now.</param>
    internal sealed record Proceed(string CurrentVersion) : LabelVerdict;

    /// <summary>This rotation has ended well before; a retry has nothing left to do.</summary>
    internal sealed record AlreadyCurrent : LabelVerdict;

    internal sealed record No(Refusal Refusal) : LabelVerdict;
}
