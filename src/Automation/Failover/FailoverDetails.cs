using System.Text.Json;
using System.Text.Json.Serialization;

namespace Automation.Failover;

/// <summary>The <c>details</c> of an outcome of TestFailover, as the README documents them. Times count from the call.</summary>
internal sealed record FailoverDetails
{
    [JsonPropertyName("verdict")]
    public required string Verdict { get; init; }

    [JsonPropertyName("paths")]
    public required IReadOnlyList<PathDetails> Paths { get; init; }

    /// <summary><c>null</c> when the rows could not be read back.</summary>
    [JsonPropertyName("writes")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required WriteDetails? Writes { get; init; }

    /// <summary>How far a downtime may be off.</summary>
    [JsonPropertyName("resolutionMs")]
    public required long ResolutionMs { get; init; }

    [JsonPropertyName("timeline")]
    public required IReadOnlyList<TimelineDetails> Timeline { get; init; }

    /// <summary>Of a cluster, the instance that was to become the writer.</summary>
    [JsonPropertyName("target")]
    public string? Target { get; init; }

    [JsonPropertyName("budgetMs")]
    public required long BudgetMs { get; init; }

    [JsonPropertyName("trend")]
    public TrendDetails? Trend { get; init; }

    /// <summary>Ways without a good answer before the test.</summary>
    [JsonPropertyName("unmeasured")]
    public required IReadOnlyList<UnmeasuredDetails> Unmeasured { get; init; }

    [JsonPropertyName("checks")]
    public required IReadOnlyList<CheckDetails> Checks { get; init; }

    [JsonPropertyName("advice")]
    public required IReadOnlyList<string> Advice { get; init; }

    /// <summary>Where the page is stored.</summary>
    [JsonPropertyName("report")]
    public string? Report { get; init; }

    /// <summary>Of a test that was made.</summary>
    /// <param name="report">What it found.</param>
    /// <param name="stored">Where its page is; <c>null</c> when it is not stored.</param>
    public static JsonElement Of(FailoverReport report, string? stored) => JsonSerializer.SerializeToElement(new FailoverDetails
    {
        Verdict = Words.Of(report.Verdict),
        Paths = [.. report.Lanes.Select(lane => PathDetails.Of(lane, report))],
        Writes = report.Writes is { } writes ? WriteDetails.Of(writes) : null,
        ResolutionMs = Words.Milliseconds(report.Resolution),
        Timeline = [.. report.Timeline.Select(TimelineDetails.Of)],
        Target = report.Target,
        BudgetMs = Words.Milliseconds(report.Budget),
        Trend = report.Trend is { } trend ? TrendDetails.Of(trend) : null,
        Unmeasured = [.. report.Silent.Select(UnmeasuredDetails.Of)],
        Checks = [.. report.Checks.Select(CheckDetails.Of)],
        Advice = report.Advice,
        Report = stored,
    }, FailoverJson.Default.FailoverDetails);

    /// <summary>Of a run that made no call: refused, or in <c>observe</c>.</summary>
    /// <param name="checks">Every guard.</param>
    /// <param name="verdict">Of a test that began and could not go on; else there is none.</param>
    public static JsonElement OfChecks(IReadOnlyList<Check> checks, Verdict? verdict = null) => JsonSerializer.SerializeToElement(
        new ChecksDetails { Verdict = verdict is { } given ? Words.Of(given) : null, Checks = [.. checks.Select(CheckDetails.Of)] }, FailoverJson.Default.ChecksDetails);
}

/// <summary>The <c>details</c> of a run that made no call.</summary>
internal sealed record ChecksDetails
{
    [JsonPropertyName("verdict")]
    public string? Verdict { get; init; }

    [JsonPropertyName("checks")]
    public required IReadOnlyList<CheckDetails> Checks { get; init; }
}

internal sealed record WriteDetails(
    [property: JsonPropertyName("acknowledged")] int Acknowledged,
    [property: JsonPropertyName("lost")] int Lost,
    [property: JsonPropertyName("unknownPresent")] int UnknownPresent,
    [property: JsonPropertyName("unknownAbsent")] int UnknownAbsent,
    [property: JsonPropertyName("duplicated")] int Duplicated,
    [property: JsonPropertyName("unexpected")] int Unexpected,
    [property: JsonPropertyName("firstLost")] IReadOnlyList<string> FirstLost)
{
    public static WriteDetails Of(WriteCounts writes) => new(
        writes.Acknowledged, writes.Lost, writes.UnknownPresent, writes.UnknownAbsent, writes.Duplicated, writes.Unexpected, writes.FirstLost);
}

/// <param name="AtMs">Negative before the call.</param>
/// <param name="Event">For people.</param>
/// <param name="Annotation"><c>true</c> when RDS told it, on its own clock; else absent.</param>
internal sealed record TimelineDetails(
    [property: JsonPropertyName("atMs")] long AtMs,
    [property: JsonPropertyName("event")] string Event,
    [property: JsonPropertyName("annotation")] bool? Annotation)
{
    public static TimelineDetails Of(TimelineEvent line) => new(Words.Milliseconds(line.At), line.Event, line.IsAnnotation ? true : null);
}

internal sealed record TrendDetails(
    [property: JsonPropertyName("tests")] int Tests,
    [property: JsonPropertyName("leastMs")] long LeastMs,
    [property: JsonPropertyName("medianMs")] long MedianMs,
    [property: JsonPropertyName("mostMs")] long MostMs,
    [property: JsonPropertyName("gotWorse")] bool GotWorse)
{
    public static TrendDetails Of(Trend trend) => new(
        trend.Runs, Words.Milliseconds(trend.Least), Words.Milliseconds(trend.Median), Words.Milliseconds(trend.Most), trend.GotWorse);
}

internal sealed record UnmeasuredDetails(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("clients")] string Clients,
    [property: JsonPropertyName("error")] string Error)
{
    public static UnmeasuredDetails Of(SilentLane silent) => new(Words.Of(silent.Lane.Path), Words.Of(silent.Lane.Clients), silent.Error);
}

/// <param name="Check">The reason code of its refusal.</param>
/// <param name="Holds">Whether the test may go on.</param>
/// <param name="Seen">For people.</param>
internal sealed record CheckDetails(
    [property: JsonPropertyName("check")] string Check,
    [property: JsonPropertyName("holds")] bool Holds,
    [property: JsonPropertyName("seen")] string Seen)
{
    public static CheckDetails Of(Check check) => new(check.Reason, check.Holds, check.Seen);
}
