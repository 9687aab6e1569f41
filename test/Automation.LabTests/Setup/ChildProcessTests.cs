using System.Diagnostics;
using System.Globalization;
using Automation.Lab.Setup;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Setup;

public sealed class ChildProcessTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Run_ProgramSucceeds_GivesItsOutput() =>
        Assert.Equal("one\ntwo", await RunAsync("echo one; echo two"));

    [Fact]
    public async Task Run_ProgramFails_ErrorHasCodeAndLastLines()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync("echo what went wrong >&2; exit 3"));

        Assert.Equal("sh ended with code 3.\nwhat went wrong", error.Message);
    }

    [Fact]
    public async Task Run_NotDoneInTime_ErrorSaysSoAndProcessIsGone()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ChildProcess.RunAsync(Shell("echo $$; exec sleep 600"), TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken));

        Assert.StartsWith("sh did not end within 1 s.\n", error.Message, StringComparison.Ordinal);
        Assert.Null(ProcessIdentity.Of(int.Parse(error.Message.Split('\n')[1], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Run_GrandchildKeepsTheOutputOpen_DoesNotWaitForIt()
    {
        var grandchild = int.Parse(await RunAsync("sleep 600 & echo $!"), CultureInfo.InvariantCulture);

        Signals.Send(grandchild, Signals.Kill);
    }

    [Fact]
    public async Task Stop_ProcessDoesNotListen_EndedWithEverythingItStarted()
    {
        await using var child = ChildProcess.Start(Shell("trap '' TERM; sleep 600 & echo $!; wait; wait"));
        await Eventually.TrueAsync(() => Task.FromResult(child.Lines.Count == 1));
        var grandchild = int.Parse(child.Lines.Single(), CultureInfo.InvariantCulture);

        await child.StopAsync(TimeSpan.FromMilliseconds(200));

        Assert.True(child.HasExited);
        await Eventually.TrueAsync(() => Task.FromResult(ProcessIdentity.Of(grandchild) is null));
    }

    [Fact]
    public async Task Dispose_Twice_ProcessGoneAndNoError()
    {
        var child = ChildProcess.Start(Shell("exec sleep 600"));
        var identity = ProcessIdentity.Of(child.Id)!.Value;

        await child.DisposeAsync();
        await child.DisposeAsync();

        Assert.False(identity.IsAlive);
    }

    [Fact]
    public async Task Start_CleanEnvironment_OnlyWhatWasGivenAndTheOwner() =>
        Assert.Equal(
            ["GIVEN=1", $"{OrphanedProcesses.OwnerVariable}={ProcessIdentity.Current}"],
            (await ChildProcess.RunAsync(new ChildProcessOptions
            {
                Name = "env",
                FileName = "/usr/bin/env",
                CleanEnvironment = true,
                Environment = new Dictionary<string, string?> { ["GIVEN"] = "1" },
            }, Limit, TestContext.Current.CancellationToken)).Split('\n').Order(StringComparer.Ordinal));

    [Fact]
    public async Task Sweep_OwnerDead_EndsItsProcessAndNotOurs()
    {
        await using var ours = ChildProcess.Start(Shell("exec sleep 600"));
        await using var dead = ChildProcess.Start(Shell("exec sleep 600"));
        var deadLab = ProcessIdentity.Of(dead.Id)!.Value;
        await dead.DisposeAsync();
        var start = new ProcessStartInfo("sleep", ["600"]);
        start.Environment[OrphanedProcesses.OwnerVariable] = deadLab.ToString();
        using var orphan = Process.Start(start)!;

        OrphanedProcesses.End();

        Assert.True(orphan.WaitForExit(Limit));
        Assert.False(ours.HasExited);
    }

    private static Task<string> RunAsync(string script) => ChildProcess.RunAsync(Shell(script), Limit, TestContext.Current.CancellationToken);

    private static ChildProcessOptions Shell(string script) => new() { Name = "sh", FileName = "/bin/sh", Arguments = ["-c", script] };
}
