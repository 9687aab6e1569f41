namespace Automation.Lab.Soak;

/// <summary>What the databases of a soak are called and ask for, and the functions of the template.</summary>
internal static class SoakNames
{
    /// <summary>Connections and snapshots.</summary>
    public const string Orders = "orders";

    /// <summary>Connections and secrets.</summary>
    public const string Billing = "billing";

    /// <summary>On a volume of enforced size.</summary>
    public const string Events = "events";

    /// <summary>Staging: fails over.</summary>
    public const string Trial = "trial";

    public const string Relieve = "RelieveConnectionsFunction", Take = "TakeSnapshotsFunction", Reconcile = "ReconcileSnapshotsFunction",
        Failover = "TestFailoverFunction", Grow = "GrowStorageFunction", Forecast = "ForecastStorageFunction", Rotate = "RotateSecretFunction";

    /// <summary>The functions that change something.</summary>
    public static readonly string[] Acting = [Relieve, Take, Reconcile, Failover, Grow, Rotate];

    /// <summary>The role that the policies protect.</summary>
    public const string ProtectedRole = "guarded";

    /// <summary>Sessions ended for one alarm, at most.</summary>
    public const int MaxSessions = 5;

    /// <summary>GiB; below what the growth budget of 30 days allows of 40, so that it is this limit that shows.</summary>
    public const int MaxStorage = 50;

    public const string ConnectionsPolicy = "act target=0.20 idle-in-transaction=2s idle=2s max=5 protect=" + ProtectedRole;

    public const string SnapshotsPolicy = "every=1h hourly=2 daily=2 weekly=0 monthly=0 yearly=0 min=1";

    public const string FailoverPolicy = "allow budget=30s";

    public const string StoragePolicy = "act max=50 horizon=7d";
}
