using System.Globalization;
using Automation.Snapshots;

namespace Automation.Tests.Snapshots;

/// <summary>
/// Snapshots of one database as they may be found, and the policy that meets them; a salt for whatever else a property has to
/// choose.
/// </summary>
internal sealed record History(IReadOnlyList<RetentionItem> Items, RetentionPolicy Policy, DateTimeOffset Now, int Salt)
{
    public RetentionPlan Plan(int maxDeletions = int.MaxValue) => RetentionRules.Plan(Items, Policy, Now, maxDeletions);

    public HashSet<string> Deleted(int maxDeletions = int.MaxValue) => [.. Plan(maxDeletions).Deletions.Select(line => line.Id)];

    /// <summary>Of the same snapshots, when the plan has been carried out.</summary>
    public History Executed(int maxDeletions = int.MaxValue)
    {
        var deleted = Deleted(maxDeletions);
        return this with { Items = [.. Items.Where(item => !deleted.Contains(item.Id))] };
    }

    /// <summary>Those that may stand for their period, newest first.</summary>
    public IReadOnlyList<RetentionItem> Good =>
    [
        .. Items.GroupBy(item => item.Id).Where(entries => entries.Count() == 1).Select(entries => entries.Single())
            .Where(item => item.IsOurs && item.Status == "available" && item.Slot <= Now.AddHours(1))
            .OrderByDescending(item => item.Slot).ThenByDescending(item => item.CreatedAt).ThenByDescending(item => item.Id, StringComparer.Ordinal),
    ];

    public override string ToString() => string.Join('\n', Items.Select(Describe).Prepend($"{Policy}, now {Time(Now)}, salt {Salt}"));

    private static string Describe(RetentionItem item) => string.Join(' ', new[]
    {
        item.Id, Time(item.Slot), "made", Time(item.CreatedAt), item.Status, item.IsOurs ? "" : "foreign",
        item.Held ? "held" : "", item.Shared ? "shared" : "", item.CopyInFlight ? "copied" : "",
    }.Where(word => word.Length > 0));

    private static string Time(DateTimeOffset? time) => time?.ToString("u", CultureInfo.InvariantCulture) ?? "?";
}
