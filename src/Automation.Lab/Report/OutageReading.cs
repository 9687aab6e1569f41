using System.Text.Json;
using Automation.Lab.Failover;

namespace Automation.Lab.Report;

/// <summary>How long a failover kept writes away, as the lab knows it and as the automation measured it. Pure.</summary>
internal static class OutageReading
{
    /// <summary>One of each way that is back.</summary>
    public static IEnumerable<RunOutage> Of(EndedFailover ended)
    {
        if (ended.Truth.KilledAt is not { } killed) yield break;
        if (ended.Truth.ServingAt is { } serving) yield return new RunOutage(ended.Accepted.DatabaseId, "writer", killed.Utc, serving.Utc, []);
        if (ended.Truth.ProxyServingAt is { } proxy) yield return new RunOutage(ended.Accepted.DatabaseId, "proxy", killed.Utc, proxy.Utc, []);
    }

    /// <summary>What the first test that ended after an outage says of its way, in milliseconds.</summary>
    public static IReadOnlyList<long> Measured(RunOutage outage, IEnumerable<RunDecision> decisions) =>
    [
        .. from test in decisions.Where(decision => decision.Database == outage.Database && decision.At >= outage.To && Paths(decision).Any()).OrderBy(decision => decision.At).Take(1)
           from path in Paths(test)
           where path.Text("path") == outage.Way
           where path.TryGetProperty("writeDowntimeMs", out var writes) && writes.ValueKind == JsonValueKind.Number
           select path.GetProperty("writeDowntimeMs").GetInt64(),
    ];

    private static IEnumerable<JsonElement> Paths(RunDecision decision) =>
        decision.Facts.ValueKind == JsonValueKind.Object && decision.Facts.TryGetProperty("paths", out var paths) && paths.ValueKind == JsonValueKind.Array
            ? paths.EnumerateArray().Where(path => path.ValueKind == JsonValueKind.Object)
            : [];
}
