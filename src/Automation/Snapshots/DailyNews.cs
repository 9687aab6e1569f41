using System.Globalization;
using Automation.Notifications;
using Automation.Outcomes;

namespace Automation.Snapshots;

/// <summary>
/// People hear of a trouble once a day, however often a schedule finds it. In <c>observe</c> too this is written into the ledger:
/// it changes no database, and without it every run would tell.
/// </summary>
internal sealed class DailyNews(ToldOnce told, TimeProvider time)
{
    /// <summary>Longer than a function may run.</summary>
    internal static readonly TimeSpan ClaimFor = ReconcileExecution.Lease;

    /// <param name="conclusion">How a run ended.</param>
    /// <param name="about">Resource id of the database, or what else it is about.</param>
    /// <param name="invocation">Whose run it is.</param>
    public Task<Conclusion> ApplyAsync(Conclusion conclusion, string about, Invocation invocation)
    {
        var day = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return told.ApplyAsync($"{TakeSnapshots.Capability}/{about}/{conclusion.Outcome.Reason}/{conclusion.Announcement?.Severity}/{conclusion.About}/{day}", ClaimFor, conclusion, invocation);
    }
}
