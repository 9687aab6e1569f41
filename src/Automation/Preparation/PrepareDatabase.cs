using Automation.Database;
using Automation.Events;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;

namespace Automation.Preparation;

/// <summary>
/// A person asks for the role that the other functions log in as: find the database, plan with the real script, and make it so when
/// asked to. Read top to bottom: every line is a gate that may answer "nothing was done, because …".
/// </summary>
internal sealed class PrepareDatabase(
    IDatabaseInventory inventory, IMasterSecrets secrets, PreparationAccess access, ILedger ledger, Settings settings, TimeProvider time)
{
    public const string Capability = "preparation", Action = "prepare-database";

    /// <summary>Longer than the function may run (template.yaml: 180 s), so that a live run never loses its lease.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(210);

    private readonly MasterCheck masters = new(secrets, access);

    /// <summary>A change with its end: made, the master user seen to come in again, and what made it do so no more taken back.</summary>
    private static readonly TimeSpan ChangeLimit = Bootstrap.Limit + 2 * Bootstrap.CommitLimit + 3 * PreparationAccess.Limit;

    /// <param name="request">What is asked for.</param>
    /// <param name="invocation">Whose run it is.</param>
    /// <param name="cancellation">The run's deadline: early enough to write down and to tell how it ended.</param>
    public async Task<Conclusion> RunAsync(PreparationRequest request, Invocation invocation, CancellationToken cancellation)
    {
        var mode = request.Mode < settings.Mode ? request.Mode : settings.Mode;
        RdsDatabase database;
        try
        {
            var (found, obstacle) = await FindAsync(request.Id, cancellation);
            if (found is null) return PreparationConclusions.WithoutTarget(request.Id, obstacle!);
            database = found;
        }
        catch (Exception e)
        {
            return PreparationConclusions.WithoutTarget(request.Id, PreparationConclusions.Of(e, cancellation));
        }
        try
        {
            if (TargetRules.Check(database, settings.TagPrefix) is { } inTheWay)
                return PreparationConclusions.Stopped(database, inTheWay, isTold: mode == Mode.Act && inTheWay.Reason is not (Reasons.NotOptedIn or Reasons.NotPostgresql));
            return mode == Mode.Act ? await ActAsync(database, request, invocation, cancellation) : await DecideAsync(database, request, mode, null, cancellation);
        }
        catch (Exception e)
        {
            return PreparationConclusions.Stopped(database, PreparationConclusions.Of(e, cancellation), isTold: mode == Mode.Act);
        }
    }

    private async Task<(RdsDatabase? Database, Obstacle? Obstacle)> FindAsync(string id, CancellationToken cancellation)
    {
        var (database, cluster) = TargetRules.Find(id, await inventory.ListAsync(id, cancellation), out var obstacle);
        if (cluster is null) return (database, obstacle);
        return (await inventory.ListAsync(cluster, cancellation)).FirstOrDefault(one => one.Kind == DatabaseKind.Cluster) is { } whole
            ? (whole, null)
            : (null, Obstacle.Refused(Reasons.DatabaseNotFound, $"it is a member of cluster {cluster}, which RDS does not know here"));
    }

    /// <summary>Kill switch, then the invocation's one-time key, then the database's lease; the record of the change checks all three again.</summary>
    private async Task<Conclusion> ActAsync(RdsDatabase database, PreparationRequest request, Invocation invocation, CancellationToken cancellation)
    {
        if (PreparationConclusions.OfSwitch(await ledger.ReadSwitchAsync(Capability, cancellation)) is { } stopped)
            return PreparationConclusions.Stopped(database, stopped, isTold: true);

        var start = await IncidentStart.ClaimAsync(
            ledger, $"{Capability}/{invocation.RequestId}", $"{Capability}/{database.ResourceId}", invocation.RequestId, Lease, cancellation);
        if (start is IncidentStart.Taken(var by, _)) return PreparationConclusions.NotClaimed(database, by);
        var (claim, lease) = (IncidentStart.Begun)start;
        Conclusion conclusion;
        try
        {
            conclusion = await DecideAsync(database, request, Mode.Act, new Change(invocation, [claim, lease]), cancellation);
        }
        catch (Exception e)
        {
            conclusion = PreparationConclusions.Stopped(database, PreparationConclusions.Of(e, cancellation), isTold: true);
        }
        return await IncidentEnd.CloseAsync(ledger, conclusion, invocation, claim, lease);
    }

    private async Task<Conclusion> DecideAsync(RdsDatabase database, PreparationRequest request, Mode mode, Change? change, CancellationToken cancellation)
    {
        Conclusion Stopped(Obstacle obstacle) => PreparationConclusions.Stopped(database, obstacle, isTold: mode == Mode.Act);

        var (login, unread) = await secrets.ReadAsync(database.MasterSecret!, cancellation);
        if (login is null) return Stopped(unread!);
        var opened = await access.OpenAsync(database, request.In, login, cancellation);
        if (!opened.Succeeded(out var master, out var failure)) return Stopped(ObstacleRules.Of(database, failure));
        await using var session = master;

        var script = new BootstrapRequest(access.Role, request.Rotates, request.TestsFailover);
        var planned = await Bootstrap.PlanAsync(master, script, cancellation);
        if (!planned.Succeeded(out var run, out failure)) return Stopped(ObstacleRules.Of(database, failure));
        PreparationReport Report() => new() { Database = database, Role = access.Role, Plan = (BootstrapRun.Ran)run, Applied = false };
        return PreparationDecision.Of(run, mode) switch
        {
            PreparationDecision.Stop(var obstacle) => Stopped(obstacle),
            PreparationDecision.Nothing => PreparationConclusions.Nothing(Report() with { Test = await access.TestAsync(database, request.In, cancellation) }),
            PreparationDecision.Show => PreparationConclusions.Shown(Report()),
            PreparationDecision.Apply => await CarryOutAsync(Report(), master, login, script, request.In, change!, cancellation),
            var other => throw new InvalidOperationException($"No case for {other.GetType().Name}."),
        };
    }

    /// <summary>The one change: written down first, in one transaction with the kill switch and our claims, then made as it was written down.</summary>
    private async Task<Conclusion> CarryOutAsync(
        PreparationReport report, DatabaseSession master, DatabaseLogin login, BootstrapRequest script, string name, Change change, CancellationToken cancellation)
    {
        var database = report.Database;
        if (time.GetUtcNow() + ChangeLimit > change.Invocation.Deadline)
            return PreparationConclusions.Stopped(report, Obstacle.Failed(Reasons.OutOfTime, "the function's time was nearly over, and nothing was begun"), isTold: true);
        var record = new ActionRecord
        {
            ResourceId = database.ResourceId,
            At = time.GetUtcNow(),
            Capability = Capability,
            Key = report.Role,
            Action = Action,
            Database = database.Id,
            Mode = Mode.Act,
            RequestId = change.Invocation.RequestId,
            Incident = $"{Capability}/{change.Invocation.RequestId}",
            Before = new PreparationDetails { Plan = report.Plan.Steps, Applied = false, Messages = report.Plan.Messages }.ToJson().GetRawText(),
        };
        var recorded = await ledger.RecordAsync(record, change.Claims, cancellation);
        if (recorded is not RecordResult.Recorded) return PreparationConclusions.Stopped(report, PreparationConclusions.NotRecorded(recorded), isTold: true);

        // From here on nothing breaks the run off: what was done has to be told.
        var applied = await Bootstrap.ApplyAsync(master, script, report.Plan, CancellationToken.None);
        if (!applied.Succeeded(out var run, out var failure))
        {
            var isUnknown = failure.Class == FailureClass.UnknownOutcome;
            if (!isUnknown) await NoteAsync(record, ActionResult.Failed);
            if (!isUnknown) return PreparationConclusions.Stopped(report, ObstacleRules.Of(database, failure), isTold: true);
            report = report with { Applied = null };
            var seen = await masters.RunAsync(report, name, script, login, open: null);
            return PreparationConclusions.Stopped(report, ObstacleRules.Of(report.Role, seen) ?? ObstacleRules.Of(database, failure), isTold: true);
        }
        if (run is not BootstrapRun.Ran made || !made.IsSame(report.Plan))
        {
            await NoteAsync(record, ActionResult.Vanished);
            return PreparationConclusions.Stopped(report, run is BootstrapRun.Refused refused
                ? ObstacleRules.Of(refused)
                : Obstacle.Failed(Reasons.ChangedMeanwhile, "between planning and doing the role became another, so nothing was changed: ask again"), isTold: true);
        }
        // Our session is the master user's last way in, should the change have shut it out.
        report = report with { Applied = true };
        report = report with { Master = await masters.RunAsync(report, name, script, login, master) };
        await NoteAsync(record, report.Master.IsUndone ? ActionResult.Failed : ActionResult.Done);
        return ObstacleRules.Of(report.Role, report.Master) is { } shutOut
            ? PreparationConclusions.Stopped(report, shutOut, isTold: true)
            : PreparationConclusions.Done(report with { Test = await ProveAsync(database, name) });
    }

    private async Task<Attempt<IReadOnlyList<SelfCheck>>> ProveAsync(RdsDatabase database, string name)
    {
        try
        {
            return await access.TestAsync(database, name, CancellationToken.None);
        }
        catch (Exception e)
        {
            // Whatever it is, the change was made.
            return new Attempt<IReadOnlyList<SelfCheck>>(new DatabaseFailure(FailureClass.Other, $"{e.GetType().Name}; it is not known how"));
        }
    }

    private async Task NoteAsync(ActionRecord record, ActionResult result)
    {
        try
        {
            await ledger.ConfirmAsync(record, result, CancellationToken.None);
        }
        catch (Exception e) when (AwsFailure.Is(e, CancellationToken.None))
        {
            // The record stands, unconfirmed; a plan shows what the server has.
        }
    }

    /// <summary>What a change is recorded under.</summary>
    private sealed record Change(Invocation Invocation, IReadOnlyList<Claim> Claims);
}
