namespace Automation.Failover;

/// <summary>What to do while the lanes are watched after the call.</summary>
internal enum Watch
{
    GoOn,

    /// <summary>Another writer answers and every lane is steady.</summary>
    Recovered,

    /// <summary>No other writer showed up in time.</summary>
    NoSwitch,

    /// <summary>A lane is not back in time.</summary>
    NotRecovered,
}

/// <summary>Decides when the watching ends. Pure.</summary>
internal static class WatchRules
{
    /// <param name="lanes">The lanes' attempts since the call.</param>
    /// <param name="before">Who was the writer.</param>
    /// <param name="called">When the call was made.</param>
    /// <param name="now">On the same scale.</param>
    /// <param name="abandoned">RDS says that it will not fail over, or that the same writer is back.</param>
    /// <param name="times">The limits.</param>
    public static Watch Decide(
        IReadOnlyList<LaneJournal> lanes, ServerIdentity before, TimeSpan called, TimeSpan now, bool abandoned, ProbeTimes times)
    {
        var since = now - called;
        var switched = lanes.Any(lane => lane.Lane.Writes && lane.Attempts.Any(attempt => attempt.Wrote is not null && attempt.Server!.IsAnother(before)));
        var steady = lanes.All(lane => IsSteady(lane, now, times)) && since >= times.Settle;
        if (switched && steady) return Watch.Recovered;
        // RDS's word alone does not end the watching while clients fail.
        if (!switched && steady && since >= (abandoned ? times.Quiet : times.SwitchLimit)) return Watch.NoSwitch;
        return since >= times.RecoveryLimit ? switched ? Watch.NotRecovered : Watch.NoSwitch : Watch.GoOn;
    }

    /// <summary>For a while no more failed than may at any time, the last attempt was good, and something was answered.</summary>
    private static bool IsSteady(LaneJournal lane, TimeSpan now, ProbeTimes times)
    {
        if (lane.Attempts is [] or [.., { Error: not null }]) return false;
        int all = 0, failed = 0;
        for (var i = lane.Attempts.Count - 1; i >= 0 && lane.Attempts[i].Ended > now - times.Settle; i--)
        {
            all++;
            if (lane.Attempts[i].Error is not null) failed++;
        }
        return all > 0 && failed <= all * NoiseRules.MostFailures;
    }
}
