using Automation.Database;

namespace Automation.Storage.Bytes;

/// <summary>The time one reading has in all: a server that is slow to answer must not take the whole invocation's.</summary>
internal sealed class ReadingTime(TimeSpan limit, TimeProvider time)
{
    private readonly long began = time.GetTimestamp();

    /// <summary>Why something was not asked any more.</summary>
    public static DatabaseFailure Over { get; } = new(FailureClass.Unreachable, "The time for measuring was over before this was asked.");

    /// <returns>The wish, or what is left when that is less; <c>null</c>: nothing is.</returns>
    public TimeSpan? Share(TimeSpan wish)
    {
        var left = limit - time.GetElapsedTime(began);
        return left <= TimeSpan.Zero ? null : left < wish ? left : wish;
    }
}
