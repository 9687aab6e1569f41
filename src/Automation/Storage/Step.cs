namespace Automation.Storage;

/// <summary>The size to ask for, or why there is none.</summary>
internal abstract record Step
{
    private Step()
    {
    }

    /// <param name="TargetGiB">Absolute: asking twice does not grow twice.</param>
    /// <param name="Iops">To be sent along; <c>null</c>: not sent.</param>
    /// <param name="Throughput">To be sent along, MiB a second; <c>null</c>: not sent.</param>
    /// <param name="Short">The limit that keeps it from lasting as long as it should; <c>null</c> when it does.</param>
    public sealed record Legal(int TargetGiB, int? Iops, int? Throughput, SizeLimit? Short) : Step;

    /// <param name="Limit">What is in the way of even the smallest step.</param>
    /// <param name="LeastGiB">The smallest step.</param>
    public sealed record None(SizeLimit Limit, int LeastGiB) : Step;
}
