using Automation.Events;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;

namespace Automation.Storage;

/// <summary>
/// A disk is nearly full: find it, measure, look for the cause, decide, act. Read top to bottom: every line is a gate that may
/// answer "nothing was done, because …".
/// </summary>
internal sealed class GrowStorage(IVolumes volumes, StorageLoading loading, VolumeGrowth growth, ILedger ledger, Settings settings, TimeProvider time)
{
    public const string Capability = "storage";

    private const string Metric = "FreeStorageSpace";

    /// <summary>What one database may take, until the call that grows it: the schedule's run has others too.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(105);

    /// <summary>Longer than that and the call itself, so that a live run never loses its lease.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(150);

    private readonly string tag = $"{settings.TagPrefix}:storage";

    /// <param name="request">What set it off.</param>
    /// <param name="invocation">Whose run it is.</param>
    /// <param name="cancellation">The run's deadline: early enough to write down and to tell how it ended.</param>
    public async Task<Conclusion> RunAsync(StorageRequest request, Invocation invocation, CancellationToken cancellation)
    {
        using var limit = Limit(cancellation);
        return await FollowAsync(request, Within(invocation), limit.Token);
    }

    private Invocation Within(Invocation invocation) =>
        time.GetUtcNow() + Longest is var end && end < invocation.Deadline ? invocation with { Deadline = end } : invocation;

    private static CancellationTokenSource Limit(CancellationToken cancellation)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Longest);
        return limit;
    }

    private async Task<Conclusion> FollowAsync(StorageRequest request, Invocation invocation, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return request switch
        {
            StorageRequest.OneDatabase(var id, var mode) => await FindAsync(new(id, id, mode, $"{Capability}/{invocation.RequestId}"), invocation, cancellation),
            StorageRequest.Low low => await FindAsync(new(low.Id, low.Id, Mode.Act, $"{Capability}/{low.EventId}")
            {
                Account = low.Account,
                Stale = now - low.At > AlarmTargetRules.OldestEvent || low.At - now > AlarmTargetRules.ClockSkew
                    ? $"{low.Code} of {Words.At(low.At)} is not of the last {Words.Span(AlarmTargetRules.OldestEvent)}"
                    : null,
            }, invocation, cancellation),
            StorageRequest.Alarmed(var alarm) => AlarmTargetRules.Find(alarm, Metric, now) switch
            {
                AlarmTarget.Instance(var id) => await FindAsync(new(id, alarm.AlarmArn, Mode.Act, IncidentOf(alarm)) { Account = alarm.Account }, invocation, cancellation),
                AlarmTarget.Cluster(var id) => await UnlessNobodyAsksAsync(alarm, StorageConclusions.WithoutTarget(
                    id, alarm.AlarmArn, Decision.Refused, Reasons.MemberOfCluster, $"the alarm is on cluster {id}, whose size is not changed by the automation", Severity.Warning), cancellation),
                AlarmTarget.NotInAlarm(var state) => StorageConclusions.WithoutTarget(
                    alarm.AlarmName, alarm.AlarmArn, Decision.NothingToDo, Reasons.NotInAlarm, $"the alarm went to {state}", null),
                AlarmTarget.Refused(var reason, var sentence) => await UnlessNobodyAsksAsync(alarm, StorageConclusions.WithoutTarget(
                    alarm.AlarmName, alarm.AlarmArn, Decision.Refused, reason, sentence, Severity.Warning), cancellation),
                var other => throw new InvalidOperationException($"No case for {other.GetType().Name}."),
            },
            // A schedule's is LookAgain's.
            _ => throw new ArgumentOutOfRangeException(nameof(request), request.GetType(), null),
        };
    }

    /// <summary>A volume that nobody was told of again: see <see cref="LookAgain"/>.</summary>
    /// <param name="volume">As RDS describes it.</param>
    /// <param name="eventId">The schedule's event.</param>
    /// <param name="invocation">Whose run it is.</param>
    /// <param name="cancellation">The run's deadline.</param>
    public async Task<Conclusion> LookAsync(Volume volume, string eventId, Invocation invocation, CancellationToken cancellation)
    {
        using var limit = Limit(cancellation);
        try
        {
            return await GateAsync(volume, Mode.Act, LookOf(eventId, volume.Database), Within(invocation), limit.Token);
        }
        catch (Exception e)
        {
            return StorageConclusions.Broken(volume.Database, e, limit.Token);
        }
    }

    /// <summary>A schedule's event is one incident for each database.</summary>
    public static string LookOf(string eventId, RdsDatabase database) => $"{Capability}/look/{eventId}/{database.ResourceId}";

    private async Task<Conclusion> FindAsync(Trigger trigger, Invocation invocation, CancellationToken cancellation)
    {
        try
        {
            if (await volumes.DescribeAsync(trigger.Id, cancellation) is not { } volume)
                return StorageConclusions.WithoutTarget(trigger.Id, trigger.Resource, Decision.Refused, Reasons.DatabaseNotFound, "RDS knows no instance of this name here", null);
            // Events of other accounts reach a bus that they are forwarded to, and their databases have the same names.
            if (trigger.Account is { } account && !volume.Database.Arn.Contains($":{account}:", StringComparison.Ordinal))
                return StorageConclusions.WithoutTarget(trigger.Id, trigger.Resource, Decision.Refused, Reasons.OtherAccount, $"the event is of account {account}", Severity.Warning);
            // Everything is measured anew, and a full disk is full, however old the word of it.
            if (trigger.Stale is { } stale && !volume.IsFull)
                return StorageConclusions.WithoutTarget(trigger.Id, trigger.Resource, Decision.Refused, Reasons.StaleEvent, stale, Severity.Warning);
            return await GateAsync(volume, trigger.Asked, trigger.Incident, invocation, cancellation);
        }
        catch (Exception e)
        {
            // What was asked of RDS handles its own failures (VolumeGrowth), so nothing was.
            return StorageConclusions.Broken(trigger.Id, trigger.Resource, e, cancellation);
        }
    }

    /// <summary>Every alarm of the account on this metric comes here: one of databases without the tag is nobody's business, whatever is wrong with it.</summary>
    private async Task<Conclusion> UnlessNobodyAsksAsync(AlarmStateChange alarm, Conclusion refused, CancellationToken cancellation)
    {
        var named = AlarmTargetRules.Named(alarm);
        if (named.Count == 0) return refused;
        try
        {
            var asked = new List<string>();
            foreach (var target in named)
            {
                if (await NamedAsync(target, cancellation) is not { } database || StorageGate.Of(database, settings.Mode, tag) is not StorageGate.NotAsked) return refused;
                asked.Add(database.Id);
            }
            return StorageConclusions.WithoutTarget(
                alarm.AlarmName, alarm.AlarmArn, Decision.Refused, Reasons.NotOptedIn, $"it is about {string.Join(", ", asked)}: no tag {tag}, or off: not touched", null);
        }
        catch (Exception)
        {
            // Better a message too many.
            return refused;
        }
    }

    private async Task<RdsDatabase?> NamedAsync(AlarmTarget target, CancellationToken cancellation) => target switch
    {
        AlarmTarget.Instance(var id) => (await volumes.DescribeAsync(id, cancellation))?.Database,
        AlarmTarget.Cluster(var id) => (await volumes.ListAsync(cancellation)).Clusters.FirstOrDefault(cluster => cluster.Id == id),
        _ => null,
    };

    private async Task<Conclusion> GateAsync(Volume volume, Mode asked, string incident, Invocation invocation, CancellationToken cancellation)
    {
        var database = volume.Database;
        return StorageGate.Of(database, asked < settings.Mode ? asked : settings.Mode, tag) switch
        {
            StorageGate.NotAsked(var reason, var sentence) => StorageConclusions.Refused(database, reason, sentence, null),
            StorageGate.Refused(var reason, var sentence) => StorageConclusions.Refused(database, reason, sentence, Severity.Warning),
            StorageGate.Open when database.Engine == "aurora-postgresql" => StorageConclusions.Nothing(
                database, Reasons.GrowsByItself, "Aurora's storage grows by itself; ForecastStorage watches it"),
            StorageGate.Open when database.ClusterId is { } cluster => StorageConclusions.Refused(
                database, Reasons.MemberOfCluster, $"it is a member of cluster {cluster}, whose size is not changed by the automation", Severity.Warning),
            StorageGate.Open(var policy, Mode.Act) => await ActAsync(volume, policy, incident, invocation, cancellation),
            StorageGate.Open(var policy, _) => await ObserveAsync(volume, policy, cancellation),
            var other => throw new InvalidOperationException($"No case for {other.GetType().Name}."),
        };
    }

    private async Task<Conclusion> ObserveAsync(Volume volume, StoragePolicy policy, CancellationToken cancellation)
    {
        var report = await loading.LoadAsync(volume, policy, cancellation);
        return StorageRules.Decide(report.Facts, policy, time.GetUtcNow()) switch
        {
            StorageDecision.Grow grow => StorageConclusions.Grown(report, grow, acted: false, null),
            var decision => StorageConclusions.Undisturbed(report, decision),
        };
    }

    /// <summary>Kill switch, then the event's one-time key, then the database's lease; the record of the change checks all three again.</summary>
    private async Task<Conclusion> ActAsync(Volume volume, StoragePolicy policy, string incident, Invocation invocation, CancellationToken cancellation)
    {
        var database = volume.Database;
        if (StorageConclusions.OfSwitch(database, await ledger.ReadSwitchAsync(Capability, cancellation)) is { } stopped) return stopped;

        var start = await IncidentStart.ClaimAsync(ledger, incident, $"{Capability}/{database.ResourceId}", invocation.RequestId, Lease, cancellation);
        if (start is IncidentStart.Taken(var by, var isLease)) return isLease ? StorageConclusions.LeaseTaken(database, by) : StorageConclusions.NotClaimed(database, by);
        var (claim, lease) = (IncidentStart.Begun)start;
        Conclusion conclusion;
        try
        {
            conclusion = await growth.UnfinishedAsync(database, incident, cancellation) ?? await DecideAsync(volume, policy, incident, invocation, [claim, lease], cancellation);
        }
        catch (Exception e)
        {
            conclusion = StorageConclusions.Broken(database, e, cancellation);
        }
        return await IncidentEnd.CloseAsync(ledger, conclusion, invocation, claim, lease);
    }

    private async Task<Conclusion> DecideAsync(
        Volume volume, StoragePolicy policy, string incident, Invocation invocation, IReadOnlyList<Claim> claims, CancellationToken cancellation)
    {
        // Once more, now that nobody else is at work on it.
        if (await volumes.DescribeAsync(volume.Database.Id, cancellation) is not { } fresh || fresh.Database.ResourceId != volume.Database.ResourceId)
            return StorageConclusions.Refused(volume.Database, Reasons.DatabaseNotFound, "RDS does not know it any more", Severity.Warning);
        var report = await loading.LoadAsync(fresh, policy, cancellation);
        return StorageRules.Decide(report.Facts, policy, time.GetUtcNow()) switch
        {
            StorageDecision.Grow grow => await growth.CarryOutAsync(report, grow, incident, invocation, claims, cancellation),
            var decision => StorageConclusions.Undisturbed(report, decision),
        };
    }

    /// <summary>What set a run off, whichever way it came.</summary>
    /// <param name="Id">Of the instance.</param>
    /// <param name="Resource">The alarm's ARN, or the id.</param>
    /// <param name="Asked">Weakens the function's mode.</param>
    /// <param name="Incident">The same however often it is delivered.</param>
    private sealed record Trigger(string Id, string Resource, Mode Asked, string Incident)
    {
        /// <summary>That the word comes from; <c>null</c> of a person.</summary>
        public string? Account { get; init; }

        /// <summary>Why it is too old; <c>null</c> when it is not.</summary>
        public string? Stale { get; init; }
    }

    /// <summary>One change of one alarm is one incident, however often it is delivered.</summary>
    private static string IncidentOf(AlarmStateChange alarm) => $"{Capability}/{alarm.AlarmArn}/{alarm.State.Timestamp.UtcDateTime:O}";
}
