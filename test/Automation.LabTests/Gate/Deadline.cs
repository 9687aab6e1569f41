using System.Diagnostics;

namespace Automation.LabTests.Gate;

/// <summary>How long these tests wait for what must happen: far longer than it takes.</summary>
internal static class Deadline
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Asks again until the answer is yes.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
            Assert.True(Stopwatch.GetElapsedTime(started) < Limit, "What had to happen has not happened in time.");
    }
}
