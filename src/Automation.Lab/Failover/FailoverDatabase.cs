using System.Collections.Concurrent;

namespace Automation.Lab.Failover;

/// <summary>Plays a script on a database's servers.</summary>
internal delegate Task<FailoverTruth> PlayFailover(FailoverScript script, Moment acceptedAt, Action onOutage, CancellationToken cancellation);

/// <summary>A database of which the lab has the servers, as the control plane sees it.</summary>
internal sealed class FailoverDatabase
{
    private const string Available = "available";
    private readonly Lock gate = new();
    private readonly ConcurrentQueue<FailoverScript> scripts = new();
    private string status = Available;
    private (string Primary, string Secondary) zones;
    private DateTimeOffset? lastSwitch;

    public FailoverDatabase(string region) => zones = (region + "a", region + "b");

    /// <summary>The identifier of the instance, or of the cluster.</summary>
    public required string Id { get; init; }

    public required string Arn { get; init; }

    public required PlayFailover Play { get; init; }

    /// <summary>Of a cluster; <c>null</c> of an instance.</summary>
    public LabAuroraCluster? Cluster { get; init; }

    /// <summary>Of an instance; <c>null</c> of a cluster.</summary>
    public LabInstance? Instance { get; init; }

    public bool IsCluster => Cluster is not null;

    /// <summary>Whether it is in two zones.</summary>
    public bool IsMultiAz => Instance?.IsMultiAz ?? true;

    /// <summary>As Describe answers show it.</summary>
    public string Status
    {
        get { lock (gate) return status; }
        set { lock (gate) status = value; }
    }

    public bool IsAvailable => Status == Available;

    /// <summary>Whether it serves clients: it does while its storage is changed.</summary>
    public bool IsServing => Status is Available or "modifying" or "storage-optimization";

    /// <summary>Of an instance: where it is, and where its standby.</summary>
    public (string Primary, string Secondary) Zones
    {
        get { lock (gate) return zones; }
    }

    /// <summary>The next accepted failover is played so; the ones after it in their turn.</summary>
    public void Enqueue(FailoverScript script) => scripts.Enqueue(script);

    /// <summary>What the failover accepted now will be: the script that was asked for, or RDS's own rule.</summary>
    /// <param name="now">When it is accepted.</param>
    /// <param name="pause">How soon after a failover RDS abandons the next.</param>
    public FailoverScript NextScript(DateTimeOffset now, TimeSpan pause)
    {
        if (scripts.TryDequeue(out var script)) return script;
        lock (gate) return lastSwitch is { } last && now - last < pause ? FailoverScript.Abandoned : FailoverScript.Default;
    }

    /// <summary>Takes a status for as long as something is underway; refused while anything else is.</summary>
    public bool TryBegin(string underway) => TryChange(Available, underway);

    /// <summary>Changes the status, unless it is another than expected by now.</summary>
    public bool TryChange(string from, string to)
    {
        lock (gate)
        {
            if (status != from) return false;
            status = to;
            return true;
        }
    }

    public void End() => Status = Available;

    public void Switched(DateTimeOffset at)
    {
        lock (gate) lastSwitch = at;
    }

    public void SwapZones()
    {
        lock (gate) zones = (zones.Secondary, zones.Primary);
    }
}
