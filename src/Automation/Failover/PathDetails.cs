using System.Text.Json.Serialization;

namespace Automation.Failover;

/// <summary>What one lane saw, in the <c>details</c> of an outcome.</summary>
internal sealed record PathDetails
{
    /// <summary><c>writer</c>, <c>proxy</c> or <c>reader</c>.</summary>
    [JsonPropertyName("path")]
    public required string Path { get; init; }

    /// <summary><c>fresh</c> or <c>pooled</c>.</summary>
    [JsonPropertyName("clients")]
    public required string Clients { get; init; }

    /// <summary><c>null</c> on a reader, and of a void test: where there was no failover, nobody can say how long one takes.</summary>
    [JsonPropertyName("writeDowntimeMs")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required long? WriteDowntimeMs { get; init; }

    /// <summary><c>null</c> of a void test.</summary>
    [JsonPropertyName("readDowntimeMs")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required long? ReadDowntimeMs { get; init; }

    /// <summary>Whether it was back when the watching ended; the downtime of one that was not goes on.</summary>
    [JsonPropertyName("recovered")]
    public required bool Recovered { get; init; }

    /// <summary>Stretches without a good answer, of the operation that had more of them.</summary>
    [JsonPropertyName("interruptions")]
    public required int Interruptions { get; init; }

    /// <summary>Absent when nothing failed.</summary>
    [JsonPropertyName("firstError")]
    public string? FirstError { get; init; }

    [JsonPropertyName("firstErrorMs")]
    public long? FirstErrorMs { get; init; }

    [JsonPropertyName("firstOfNewWriterMs")]
    public long? FirstOfNewWriterMs { get; init; }

    /// <summary>Before anything was done.</summary>
    [JsonPropertyName("baseline")]
    public required BaselineDetails Baseline { get; init; }

    /// <summary>Time spent in failing attempts.</summary>
    [JsonPropertyName("errors")]
    public required IReadOnlyList<ErrorDetails> Errors { get; init; }

    public static PathDetails Of(LaneResult result, FailoverReport report)
    {
        var measured = report.Proven;
        var first = result.FirstFailing;
        return new PathDetails
        {
            Path = Words.Of(result.Lane.Path),
            Clients = Words.Of(result.Lane.Clients),
            WriteDowntimeMs = measured && result.Writes is { } writes ? Words.Milliseconds(writes.Down) : null,
            ReadDowntimeMs = measured ? Words.Milliseconds(result.Reads.Down) : null,
            Recovered = result.Recovered,
            Interruptions = Math.Max(result.Reads.Interruptions, result.Writes?.Interruptions ?? 0),
            FirstError = first?.FirstError,
            FirstErrorMs = first is { FirstFailure: { } at } ? Words.Milliseconds(at - report.Called) : null,
            FirstOfNewWriterMs = result.FirstOfNewWriter is { } answered ? Words.Milliseconds(answered - report.Called) : null,
            Baseline = BaselineDetails.Of(result.Noise),
            Errors = [.. result.Errors.Select(line => new ErrorDetails(Words.Of(line.Operation), line.Error, Words.Milliseconds(line.Spent)))],
        };
    }
}

internal sealed record BaselineDetails(
    [property: JsonPropertyName("attempts")] int Attempts,
    [property: JsonPropertyName("failures")] int Failures,
    [property: JsonPropertyName("medianMs")] double MedianMs,
    [property: JsonPropertyName("p99Ms")] double P99Ms,
    [property: JsonPropertyName("longestGapMs")] double LongestGapMs,
    [property: JsonPropertyName("intervalMs")] double IntervalMs)
{
    public static BaselineDetails Of(Noise noise) => new(
        noise.Attempts, noise.Failures, Tenths(noise.Median), Tenths(noise.Percentile99), Tenths(noise.LongestGap), Tenths(noise.Interval));

    private static double Tenths(TimeSpan span) => Math.Round(span.TotalMilliseconds, 1);
}

internal sealed record ErrorDetails(
    [property: JsonPropertyName("operation")] string Operation,
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("ms")] long Ms);
