using Automation.Fleet;
using Automation.Ledger;

namespace Automation.Failover;

/// <summary>Everything the guards look at, read anew right before the call.</summary>
internal sealed record FailoverFacts
{
    public required RdsDatabase Database { get; init; }
    public required FailoverTopology Topology { get; init; }

    /// <summary>Actions of maintenance that RDS has announced for the database or a member, as <c>orders: system-update</c>.</summary>
    public required IReadOnlyList<string> PendingMaintenance { get; init; }

    /// <summary>Snapshots of the database that are being made.</summary>
    public required IReadOnlyList<string> SnapshotsUnderway { get; init; }

    /// <summary>Of every reader of a cluster; empty of an instance, whose standby is written to synchronously.</summary>
    public required IReadOnlyList<ReplicaLag> Lags { get; init; }

    /// <summary>Names of the alarms on this database or a member that are in ALARM.</summary>
    public required IReadOnlyList<string> AlarmsFiring { get; init; }

    /// <summary>RDS's events about failovers of the database and its members within <see cref="GuardRules.Cooldown"/>.</summary>
    public required IReadOnlyList<RdsEventLine> RecentFailovers { get; init; }

    /// <summary>Earlier tests of this database, oldest first.</summary>
    public required IReadOnlyList<ActionRecord> History { get; init; }

    public required SwitchState Switch { get; init; }

    /// <summary>What the writer says; <c>null</c> when it could not be asked, and then <see cref="LoginFailure"/> tells why.</summary>
    public required ServerFacts? Server { get; init; }

    public string? LoginFailure { get; init; }

    /// <summary>Until the run's deadline.</summary>
    public required TimeSpan TimeLeft { get; init; }
}
