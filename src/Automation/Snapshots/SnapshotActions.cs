using System.Text.Json;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Snapshots;

/// <summary>Every change is written down first, in one transaction with the kill switch; then it is made, then confirmed.</summary>
internal sealed class SnapshotActions(ILedger ledger, TimeProvider time)
{
    /// <summary>Part of <see cref="TakeSnapshots.StepLimit"/>; the rest is the ledger's.</summary>
    private static readonly TimeSpan ActLimit = TimeSpan.FromSeconds(45);

    public const string Create = "create-snapshot", Copy = "copy-snapshot", Share = "share-snapshot", Withdraw = "withdraw-share", Delete = "delete-snapshot";

    /// <summary>What is done, to what, and for whom.</summary>
    internal sealed record Context(RdsDatabase Database, Invocation Invocation, IReadOnlyList<Claim> Claims);

    /// <param name="context">What it belongs to.</param>
    /// <param name="action">One of the names above.</param>
    /// <param name="key">Region and name of the snapshot.</param>
    /// <param name="before">The snapshot as it is.</param>
    /// <param name="act">The change.</param>
    /// <param name="cancellation">Stops before the change, never within it.</param>
    /// <returns>What RDS answered, or the finding that nothing was tried.</returns>
    public async Task<(SnapshotAnswer? Answer, Finding? Stopped)> RunAsync(
        Context context, string action, string key, SnapshotImage before, Func<CancellationToken, Task<SnapshotAnswer>> act, CancellationToken cancellation)
    {
        var record = new ActionRecord
        {
            ResourceId = context.Database.ResourceId,
            At = time.GetUtcNow(),
            Capability = TakeSnapshots.Capability,
            Key = key,
            Action = action,
            Database = context.Database.Id,
            Mode = Mode.Act,
            RequestId = context.Invocation.RequestId,
            Incident = $"{TakeSnapshots.Capability}/{key}",
            Before = JsonSerializer.Serialize(before, SnapshotsJson.Default.SnapshotImage),
        };
        if (SnapshotsConclusions.StopOf(await ledger.RecordAsync(record, context.Claims, cancellation)) is { } stopped) return (null, stopped);
        // Nothing stops half-way because the run's time is over: a change has a limit of its own, with all its retries.
        using var limit = new CancellationTokenSource(ActLimit, time);
        var answer = await act(limit.Token);
        await ConfirmAsync(record, answer);
        return (answer, null);
    }

    /// <summary>Without it the record says "unconfirmed", which is true; what was done counts all the same.</summary>
    private async Task ConfirmAsync(ActionRecord record, SnapshotAnswer answer)
    {
        try
        {
            await ledger.ConfirmAsync(record, answer.Fault switch
            {
                null => ActionResult.Done,
                SnapshotFault.NotFound or SnapshotFault.AlreadyExists => ActionResult.Vanished,
                _ => ActionResult.Failed,
            }, CancellationToken.None);
        }
        catch (Exception e) when (AwsFailure.Is(e, CancellationToken.None))
        {
            // The change was made.
        }
    }

    public static SnapshotImage ImageOf(OwnSnapshot own, string why) => new(
        own.Snapshot.Arn, own.Snapshot.Status, own.Slot is { } slot ? SnapshotTags.Text(slot) : null, own.Snapshot.CreatedAt, own.Snapshot.Encrypted, why);
}
