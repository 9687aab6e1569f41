using System.Collections.Concurrent;
using System.Globalization;
using Automation.Lab.Failover;

namespace Automation.Lab.Storage;

/// <summary>The storage of an instance as the control plane has it: what is asked for, what waits, what is underway.</summary>
/// <param name="shown">The instance, whose status is that of everything that can befall it.</param>
/// <param name="instance">Its server and volume.</param>
internal sealed class VolumeDatabase(FailoverDatabase shown, LabInstance instance)
{
    public const string Available = "available", Modifying = "modifying", Optimizing = "storage-optimization", Full = "storage-full";
    private readonly Lock gate = new();
    private readonly ConcurrentQueue<ModificationScript> scripts = new();
    private LabVolumeOptions? pending;
    private bool isUnderway;
    private DateTimeOffset? lastChange;
    private (DateTimeOffset Began, TimeSpan Lasts)? optimization;

    public FailoverDatabase Shown => shown;

    public LabInstance Instance => instance;

    public LabVolume Volume => instance.Volume!;

    /// <summary>What was accepted and is not there yet.</summary>
    public LabVolumeOptions? Pending
    {
        get { lock (gate) return pending; }
    }

    /// <summary>How far the optimization is, as Describe answers show it; <c>null</c> while there is none.</summary>
    public string? Progress(DateTimeOffset now)
    {
        lock (gate)
        {
            return optimization is { } running && running.Lasts > TimeSpan.Zero
                ? ((int)Math.Clamp((now - running.Began) / running.Lasts * 100, 0, 99)).ToString(CultureInfo.InvariantCulture)
                : null;
        }
    }

    /// <summary>The next accepted change takes so long; the ones after it in their turn.</summary>
    public void Enqueue(ModificationScript script) => scripts.Enqueue(script);

    public ModificationScript NextScript() => scripts.TryDequeue(out var script) ? script : ModificationScript.Default;

    /// <summary>Why RDS would refuse, or <c>null</c>; accepts nothing.</summary>
    public StorageRefusal? Refuse(StorageRequest request, DateTimeOffset now, TimeSpan cooldown)
    {
        lock (gate) return Decide(request, now, cooldown, isAutoscaling: false).Refusal;
    }

    /// <summary>Accepts or refuses: of many at once that change the volume, one is accepted.</summary>
    /// <returns>The refusal, or from what the volume changes to what; to the same: nothing is to be done.</returns>
    public (StorageRefusal? Refusal, LabVolumeOptions From, LabVolumeOptions To) Accept(
        StorageRequest request, DateTimeOffset now, TimeSpan cooldown, bool isAutoscaling = false)
    {
        lock (gate)
        {
            var former = Volume.Settings;
            var (refusal, to) = Decide(request, now, cooldown, isAutoscaling);
            if (refusal is not null) return (refusal, former, former);
            // How far it may grow by itself never waits.
            var growing = former with { MaxAllocatedGiB = to.MaxAllocatedGiB };
            Volume.Settings = growing;
            if (to == growing || !ChangesVolume(request)) return (null, former, growing);
            pending = to;
            isUnderway |= request.ApplyImmediately;
            return (null, former, to);
        }
    }

    /// <summary>The volume becomes what was accepted.</summary>
    public void Apply(LabVolumeOptions to, DateTimeOffset now, TimeSpan optimizing)
    {
        lock (gate)
        {
            Volume.Settings = to with { MaxAllocatedGiB = Volume.Settings.MaxAllocatedGiB };
            (pending, lastChange, optimization) = (null, now, (now, optimizing));
        }
    }

    public void End()
    {
        lock (gate) (isUnderway, optimization) = (false, null);
    }

    private (StorageRefusal? Refusal, LabVolumeOptions To) Decide(StorageRequest request, DateTimeOffset now, TimeSpan cooldown, bool isAutoscaling)
    {
        var former = Volume.Settings;
        var to = request.Applied(pending ?? former);
        var isCooling = lastChange is { } last && now - last < cooldown;
        var status = shown.Status;
        return (StorageRules.OfState(request, status, ChangesVolume(request), isUnderway, isCooling)
            ?? StorageRules.OfVolume(request, former, to, sizeAlone: isAutoscaling || status == Full), to);
    }

    // Everything that waits comes along with what is to be done at once, whatever that is.
    private bool ChangesVolume(StorageRequest request) => request.ChangesVolume || (request.ApplyImmediately && pending is not null);
}
