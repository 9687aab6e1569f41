using Automation.Lab.CommandLine;
using Automation.Lab.Incidents;
using Automation.Lab.Screen;

namespace Automation.Lab;

/// <summary>The story, from a quiet morning to a bad night, or what was chosen of it.</summary>
internal static class LabDay
{
    /// <summary>Only what the incidents need is started.</summary>
    public static LocalLabOptions OptionsFor(LabArguments.Story asked) => new()
    {
        ConnectionsTag = ConnectionStorm.Policy,
        SnapshotsTag = asked.Tells(Incident.Snapshots) ? SnapshotIncident.Policy : null,
        FailoverTag = asked.Tells(Incident.Failover) ? FailoverIncident.Policy : null,
        StorageTag = asked.Tells(Incident.Storage) ? StorageIncident.Policy : null,
        Observe = asked.Observe,
        Seed = asked.Seed,
    };

    /// <summary>Tells it; what must be true is told as checks.</summary>
    public static async Task RunAsync(LocalLab lab, LabArguments.Story asked, IStory story, CancellationToken cancellation)
    {
        var storage = new StorageIncident(lab, story);
        if (asked.Tells(Incident.Snapshots)) await new SnapshotIncident(lab, story).RunAsync(cancellation);
        if (asked.Tells(Incident.Storage)) await storage.ForecastAsync(cancellation);
        if (asked.Tells(Incident.Rotation)) await new RotationIncident(lab, story).RunAsync(cancellation);
        if (asked.Tells(Incident.Failover)) await new FailoverIncident(lab, story).RunAsync(cancellation);
        if (asked.Tells(Incident.Connections)) await new ConnectionStormIncident(lab, story).RunAsync(cancellation);
        if (asked.Tells(Incident.Storage)) await storage.FillAsync(cancellation);
        if (asked.Observe) new ObserveProof(lab, story).Run();
    }
}
