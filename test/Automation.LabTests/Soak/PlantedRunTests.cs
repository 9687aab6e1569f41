using System.Diagnostics;
using System.Globalization;
using Automation.Lab.Setup;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Soak;

/// <summary><c>test/planted/run.py</c> with a lab that takes a while to end, as the real one does.</summary>
public sealed class PlantedRunTests : IDisposable
{
    private const int HangUp = 1;

    // As the program itself does around each planted bug.
    private const string Program = """
        import pathlib, signal, sys, tempfile
        sys.path.insert(0, sys.argv[1])
        import run
        for ending in run.ENDING:
            signal.signal(ending, run.Lab.ask)
        try:
            with tempfile.TemporaryDirectory(prefix="planted-", dir=sys.argv[2]) as folder:
                run.Lab.run(["sh", "-c", sys.argv[3], sys.argv[2]])
        except run.Ended as ended:
            sys.exit(128 + ended.number)
        """;

    // Asked once it goes on, asked again it ends.
    private const string SlowLab = """
        asked() { n=$((n+1)); echo "$n" > "$0/asked"; [ "$n" -lt 2 ] || exit 130; }
        trap asked INT
        echo $$ > "$0/new"; mv "$0/new" "$0/lab"
        while :; do sleep 0.1; done
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("planted-tests-");

    [Theory]
    [InlineData(Signals.Interrupt)]
    [InlineData(Signals.Terminate)]
    [InlineData(HangUp)]
    public async Task Run_AskedToEndTwice_EndsWhenTheLabHasAndLeavesNothing(int signal)
    {
        var start = new ProcessStartInfo("python3", ["-B", "-c", Program, Repository.PathOf("test/planted"), folder.FullName, SlowLab]);
        using var program = Process.Start(start)!;
        try
        {
            await Eventually.TrueAsync(() => Task.FromResult(File.Exists(In("lab"))));
            var lab = int.Parse(await File.ReadAllTextAsync(In("lab"), TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);

            Signals.Send(program.Id, signal);
            await Eventually.TrueAsync(() => Task.FromResult(Asked() == "1"));
            Assert.False(program.HasExited);
            Assert.Single(folder.GetDirectories("planted-*"));

            Signals.Send(program.Id, signal);
            await program.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.Equal("2", Asked());
            Assert.Equal(128 + signal, program.ExitCode);
            Assert.Null(ProcessIdentity.Of(lab));
            Assert.Empty(folder.GetDirectories("planted-*"));
        }
        finally
        {
            if (!program.HasExited) program.Kill(entireProcessTree: true);
        }
    }

    public void Dispose() => folder.Delete(recursive: true);

    private string In(string name) => Path.Combine(folder.FullName, name);

    private string Asked() => File.Exists(In("asked")) ? File.ReadAllText(In("asked")).Trim() : "";
}
