using System.Globalization;
using System.Text.Json;
using Automation.Lab.Account;
using Automation.Lab.Snapshots;
using static Automation.Lab.Failover.RdsAnswer;

namespace Automation.Lab.Failover;

/// <summary>DescribeEvents: what RDS told of databases in this Region.</summary>
/// <param name="onEvent">Gets each as EventBridge has it.</param>
/// <param name="time">What "the last hour" counts from.</param>
internal sealed class RdsEvents(Action<JsonElement> onEvent, TimeProvider time)
{
    private const int FewestOnPage = 20, MostOnPage = 100;
    private static readonly TimeSpan Unasked = TimeSpan.FromMinutes(60);

    /// <summary>Everything told so far, in order.</summary>
    public Journal<RdsEvent> All { get; } = new();

    public void Tell(RdsEvent told)
    {
        All.Add(told);
        onEvent(told.OnTheBus);
    }

    public AwsAnswer Describe(AwsCall call)
    {
        var (source, type) = (call.Parameter("SourceIdentifier"), call.Parameter("SourceType"));
        if (source is not null && type is null)
            return ErrorAnswer.Create(call, 400, "InvalidParameterCombination", "Cannot specify source identifier without source type");
        var limit = Number(call, "MaxRecords") ?? MostOnPage;
        if (limit is < FewestOnPage or > MostOnPage)
        {
            return ErrorAnswer.Create(call, 400, "InvalidParameterValue", string.Create(CultureInfo.InvariantCulture,
                $"Invalid value {limit} for MaxRecords. Must be between {FewestOnPage} and {MostOnPage}"));
        }
        var end = Moment(call, "EndTime") ?? time.GetUtcNow();
        var start = Moment(call, "StartTime")
            ?? end - (Number(call, "Duration") is { } minutes ? TimeSpan.FromMinutes(minutes) : Unasked);
        var categories = Categories(call);
        var skip = Number(call, "Marker") ?? 0;
        var wanted = All.Entries
            .Where(e => e.At >= start && e.At <= end)
            .Where(e => type is null || e.SourceType == type)
            .Where(e => source is null || string.Equals(e.SourceId, source, StringComparison.OrdinalIgnoreCase))
            .Where(e => categories.Count == 0 || categories.Contains(e.Category))
            .ToArray();
        return Of(call,
            Optional("Marker", wanted.Length > skip + limit ? (skip + limit).ToString(CultureInfo.InvariantCulture) : null),
            Element("Events", wanted.Skip(skip).Take(limit).Select(e => Element("Event",
                Element("SourceIdentifier", e.SourceId),
                Element("SourceType", e.SourceType),
                Element("Message", e.Message),
                Element("EventCategories", Element("EventCategory", e.Category)),
                Optional("Date", e.At),
                Element("SourceArn", e.SourceArn)))));
    }

    private static HashSet<string> Categories(AwsCall call) =>
        [.. call.Parameters.Where(p => p.Key.StartsWith("EventCategories.EventCategory.", StringComparison.Ordinal)).Select(p => p.Value)];

    private static int? Number(AwsCall call, string name) =>
        int.TryParse(call.Parameter(name), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateTimeOffset? Moment(AwsCall call, string name) =>
        DateTimeOffset.TryParse(call.Parameter(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
