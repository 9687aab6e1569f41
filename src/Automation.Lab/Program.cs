using System.Diagnostics;
using Automation.Lab;
using Automation.Lab.Incidents;
using Automation.Lab.Screen;
using Automation.Lab.Setup;

const int Succeeded = 0, IncidentFailed = 1, SetupFailed = 2, Interrupted = 130;

if (args is not ([] or ["soak", ..]))
{
    var asked = args is ["--help" or "-h"];
    if (!asked) Console.Error.WriteLine($"unknown argument: {args[0]}");
    (asked ? Console.Out : Console.Error).WriteLine("""
        usage: dotnet run --project src/Automation.Lab

        Builds a small AWS account from real parts on this machine, lets snapshots fail in it, rotates passwords under logins,
        fails a database over under writes, lets a connection storm happen and a disk fill, twice, and shows what the automation does about it. Takes no arguments. Ends with 0 when everything ended as it should, 1 when a check
        failed, 2 when the lab could not be set up, 130 after Ctrl-C. docs/lab.md explains it.
        """);
    return asked ? Succeeded : SetupFailed;
}

var started = Stopwatch.GetTimestamp();
var story = new ConsoleStory(ConsoleStory.ConsoleFor(Console.IsOutputRedirected));
using var interruption = new Interruption();
try
{
    if (args is ["soak", .. var words]) return await Automation.Lab.Soak.Soak.RunAsync(Automation.Lab.Soak.SoakOptions.Read(words), story, interruption.Token);
    story.Chapter("An AWS account on this machine");
    await using var lab = await story.StepAsync("building it from real parts",
        () => LocalLab.StartAsync(new LocalLabOptions { ConnectionsTag = ConnectionStorm.Policy, SnapshotsTag = SnapshotIncident.Policy, FailoverTag = FailoverIncident.Policy, StorageTag = StorageIncident.Policy }, story.Line, interruption.Token),
        lab => $"AWS API at {lab.Account.Endpoint.Uri}, instance {lab.Database.Id} at localhost:{lab.Database.Gate.Port} (PostgreSQL {lab.Database.Server.Version}, TLS, IAM)");
    IReadOnlyList<Check> checks =
    [
        .. await new SnapshotIncident(lab, story).RunAsync(interruption.Token),
        .. await new RotationIncident(lab, story).RunAsync(interruption.Token),
        .. await new FailoverIncident(lab, story).RunAsync(interruption.Token),
        .. await new ConnectionStormIncident(lab, story).RunAsync(interruption.Token),
        .. await new StorageIncident(lab, story).RunAsync(interruption.Token),
    ];
    story.Summary(checks, Stopwatch.GetElapsedTime(started));
    return checks.All(check => check.Holds) ? Succeeded : IncidentFailed;
}
catch (Exception) when (interruption.Token.IsCancellationRequested)
{
    // Whatever it was: Ctrl-C in a terminal reaches the lab's servers too, and their clients see them go.
    story.Line("interrupted; everything that was started has been stopped");
    return Interrupted;
}
catch (OperationCanceledException)
{
    story.Check(new Check("every incident ended in time", false, "something that should have happened did not"));
    return IncidentFailed;
}
catch (InvalidOperationException e)
{
    story.Check(new Check("the lab could be set up", false, e.Message));
    return SetupFailed;
}
