using System.Globalization;

namespace Automation.Database;

/// <summary>The watchdog's: the work was given up because its time was over. Whether it still happens is unknown.</summary>
public sealed class DeadlineExceededException : TimeoutException
{
    internal DeadlineExceededException(TimeSpan limit)
        : base(string.Create(CultureInfo.InvariantCulture, $"No answer within {limit.TotalSeconds:0.###} s; given up."))
        => Limit = limit;

    /// <summary>The time that was given.</summary>
    public TimeSpan Limit { get; }
}
