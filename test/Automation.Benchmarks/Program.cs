using System.Globalization;
using Automation.Benchmarks;
using Automation.Benchmarks.Failovers;
using Automation.Benchmarks.Reliefs;
using Automation.Benchmarks.Rotations;
using Automation.Benchmarks.Scale;
using Automation.Benchmarks.Snapshots;
using Automation.Benchmarks.Starts;
using Automation.Benchmarks.Storage;
using Automation.Lab.Incidents;
using Automation.Lab.Screen;
using Automation.Lab.Setup;
using Spectre.Console;

const int AllHold = 0, AimMissed = 1, NotMeasured = 2, Interrupted = 130;
const int PeakLimitMB = 80;
const int Columns = 132;

if (args is [FailoverLab.Word, var kind])
{
    await FailoverLab.ServeAsync(kind == FailoverLab.Cluster);
    return AllHold;
}

string[] parts = ["start", "relief", "rotation", "snapshots", "failover", "forecast", "forecast-fleet", "scale"];
var minutes = 1;
var wanted = args.ToList();
var malformed = false;
if (wanted.IndexOf("--minutes") is >= 0 and var option)
{
    malformed = !int.TryParse(wanted.ElementAtOrDefault(option + 1), NumberStyles.None, CultureInfo.InvariantCulture, out minutes) || minutes < 1;
    wanted.RemoveRange(option, Math.Min(2, wanted.Count - option));
}
if (malformed || wanted.Except(parts).Any())
{
    Console.Error.WriteLine("""
        usage: dotnet run -c Release --project test/Automation.Benchmarks [-- start relief rotation snapshots failover forecast forecast-fleet scale] [--minutes 1]

        Publishes the functions and measures them on this machine: how fast they start, how much memory they take, how long
        a relief, a rotation and the planning of retention take, what the clients of a failover test do and cost (their memory
        for so many minutes), how far off the forecast of storage is and what it costs, and what
        every function asks of AWS and takes for 10, 100 and 1,000 databases. Measures everything, or the named parts. Ends with 0 when every aim holds, 1 when one does not,
        2 when something could not be measured. docs/benchmarks.md explains the figures.
        """);
    return args is ["--help" or "-h"] ? AllHold : NotMeasured;
}

var console = AnsiConsole.Console;
if (Console.IsOutputRedirected)
{
    // A log has no width to keep to and shows no colours, whatever the terminal behind it can do.
    console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
    console.Profile.Width = Columns;
}
var story = new ConsoleStory(console);
using var interruption = new Interruption();
List<Check> aims = [];
List<Action> tables = [];
try
{
    // First: of its memory, nothing is another part's.
    if (IsWanted("failover"))
    {
        story.Chapter("Failover");
        var failover = await FailoverBenchmark.RunAsync(minutes, story, interruption.Token);
        tables.Add(() => FailoverTable.Write(console, failover));
        aims.AddRange(failover.Aims);
    }
    if (IsWanted("snapshots"))
    {
        story.Chapter("Snapshots");
        var retention = await RetentionBenchmark.RunAsync(story, interruption.Token);
        tables.Add(() => RetentionTable.Write(console, retention));
        aims.AddRange(retention.Aims);
    }
    if (IsWanted("forecast"))
    {
        story.Chapter("Forecast");
        var accuracy = AccuracyBenchmark.Run();
        tables.Add(() => AccuracyTable.Write(console, accuracy));
        aims.AddRange(accuracy.Aims);
    }
    if (IsWanted("forecast-fleet"))
    {
        story.Chapter("Forecast of a fleet");
        var fleet = await FleetBenchmark.RunAsync(story, interruption.Token);
        tables.Add(() => FleetTable.Write(console, fleet));
        aims.AddRange(fleet.Aims);
    }
    var function = "";
    if (parts.Except(["snapshots", "failover", "forecast", "forecast-fleet"]).Any(IsWanted))
    {
        story.Chapter("Publishing");
        function = await PublishAsync(Path.Combine("src", "Automation"), "Automation");
    }
    if (IsWanted("start"))
    {
        var nothing = await PublishAsync(Path.Combine("test", "Automation.Benchmarks.Nothing"), "Automation.Benchmarks.Nothing");
        story.Chapter("Start");
        var starts = await StartBenchmark.RunAsync(function, nothing, story, interruption.Token);
        var functions = await FunctionsBenchmark.RunAsync(function, StartBenchmark.Nothing(nothing), story, interruption.Token);
        tables.Add(() => StartTable.Write(console, starts));
        tables.Add(() => FunctionsTable.Write(console, functions));
        aims.AddRange([.. starts.Aims, PeakAim("its first answer", starts.Function.PeakMB.Max)]);
    }
    if (IsWanted("relief"))
    {
        var reliefs = new List<ReliefFigures>();
        foreach (var sessions in (int[])[100, 500])
        {
            story.Chapter($"Relief at {sessions} sessions");
            reliefs.Add(await ReliefBenchmark.RunAsync(function, sessions, story, interruption.Token));
        }
        tables.Add(() => ReliefTable.Write(console, reliefs));
        aims.Add(PeakAim("two reliefs", reliefs.Max(relief => relief.PeakMB.Max)));
    }
    if (IsWanted("rotation"))
    {
        story.Chapter("Rotation");
        var rotations = await RotationBenchmark.RunAsync(function, story, interruption.Token);
        tables.Add(() => RotationTable.Write(console, rotations));
        aims.AddRange(rotations.Aims);
    }
    if (IsWanted("scale"))
    {
        story.Chapter("A fleet");
        var scale = await ScaleBenchmark.RunAsync(function, story, interruption.Token);
        tables.Add(() => ScaleTable.Write(console, scale));
        aims.AddRange(scale.Aims);
    }

    ShowWhatWasMeasured();
    return aims.All(aim => aim.Holds) ? AllHold : AimMissed;
}
catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
{
    ShowWhatWasMeasured();
    story.Line("interrupted; everything that was started has been stopped");
    return Interrupted;
}
catch (InvalidOperationException e)
{
    ShowWhatWasMeasured();
    story.Check(new Check("everything could be measured", false, e.Message));
    return NotMeasured;
}

// Also where a later part failed: minutes of measuring are not thrown away.
void ShowWhatWasMeasured()
{
    if (tables is []) return;
    story.Chapter("Results");
    foreach (var write in tables) write();

    story.Chapter("Aims");
    foreach (var aim in aims) story.Check(aim);
}

bool IsWanted(string part) => wanted is [] || wanted.Contains(part);

Task<string> PublishAsync(string project, string program) => story.StepAsync(
    project, () => Publication.CreateAsync(project, program, interruption.Token), path => Path.GetRelativePath(Repository.Root, path));

static Check PeakAim(string after, double megabytes) => new(
    $"peak memory under {PeakLimitMB} MB after {after}", megabytes < PeakLimitMB, Figures.Text($"{megabytes:0} MB at most"));
