using System.Text.Json;
using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Failover;

/// <summary>The one dangerous step: written down first, in one transaction with the kill switch and our claims, then asked for once.</summary>
internal sealed class FailoverCall(IFailoverControl control, ILedger ledger, TimeProvider time)
{
    public const string Action = "force-failover";

    /// <summary>Above the client's own limit. RDS answers within a second or two; without an answer clients are watched anyway.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <param name="facts">As the guards saw them a moment ago.</param>
    /// <param name="incident">What set it off.</param>
    /// <param name="invocation">Whose run it is.</param>
    /// <param name="claims">Held: the event's one-time key and the lock of all tests.</param>
    /// <param name="calling">Told right before the call leaves.</param>
    /// <param name="cancellation">Stops before the call, never within it.</param>
    /// <returns>What was recorded and what RDS said, or why nothing was asked.</returns>
    public async Task<(ActionRecord Record, CallAnswer? Answer, RecordResult Recorded)> MakeAsync(
        FailoverFacts facts, string incident, Invocation invocation, IReadOnlyList<Claim> claims, Action calling, CancellationToken cancellation)
    {
        var target = TargetRules.Of(facts.Topology)?.Id;
        var record = new ActionRecord
        {
            ResourceId = facts.Database.ResourceId,
            At = time.GetUtcNow(),
            Capability = TestFailover.Capability,
            Key = target ?? facts.Database.Id,
            Action = Action,
            Database = facts.Database.Id,
            Mode = Mode.Act,
            RequestId = invocation.RequestId,
            Incident = incident,
            Before = JsonSerializer.Serialize(FailoverImage.Of(facts, target), FailoverRecordJson.Default.FailoverImage),
        };
        var recorded = await ledger.RecordAsync(record, claims, cancellation);
        if (recorded is not RecordResult.Recorded) return (record, null, recorded);
        using var limit = new CancellationTokenSource(Limit, time);
        calling();
        return (record, await control.FailOverAsync(facts.Database, target, limit.Token), recorded);
    }
}
