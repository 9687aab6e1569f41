using System.Text.Json.Serialization;

namespace Automation.Failover;

/// <summary>What the ledger keeps of a test, with the record of its call.</summary>
internal sealed record EarlierTest
{
    [JsonPropertyName("verdict")]
    public required string Verdict { get; init; }

    [JsonPropertyName("reason")]
    public required string Reason { get; init; }

    /// <summary>The worst of all lanes; <c>null</c> without a proven switch, or when a lane was not back.</summary>
    [JsonPropertyName("writeDowntimeMs")]
    public required long? WriteDowntimeMs { get; init; }

    [JsonPropertyName("readDowntimeMs")]
    public required long? ReadDowntimeMs { get; init; }

    [JsonPropertyName("lost")]
    public required int? Lost { get; init; }

    public static EarlierTest Of(FailoverReport report) => new()
    {
        Verdict = Words.Of(report.Verdict),
        Reason = report.Reason,
        WriteDowntimeMs = report.WriteDowntime is { } write && report.Lanes.All(lane => lane.Recovered) ? Words.Milliseconds(write) : null,
        ReadDowntimeMs = report.ReadDowntime is { } read ? Words.Milliseconds(read) : null,
        Lost = report.Writes?.Lost,
    };
}
