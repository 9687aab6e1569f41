using System.Diagnostics;
using System.Globalization;
using Automation.Lab.Setup;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Setup;

public sealed class LabDirectoryTests
{
    [Fact]
    public void Create_TwoAtOnce_BothLiveUntilDisposed()
    {
        using var first = LabDirectory.Create();
        using var second = LabDirectory.Create();

        Assert.True(Directory.Exists(first.Path));
        Assert.NotEqual(first.Path, second.Path);

        second.Dispose();
        Assert.False(Directory.Exists(second.Path));
        Assert.True(Directory.Exists(first.Path));
    }

    [Fact]
    public async Task Create_LabWasKilled_ItsFolderIsGoneAndNotBefore()
    {
        using var own = LabDirectory.Create();
        var other = Path.Combine(Path.GetDirectoryName(own.Path)!, "rds-automation-lab-1-otherlab");
        Directory.CreateDirectory(Path.Combine(other, "data"));
        // flock(1) takes the same kernel lock as a lab does.
        await using var lab = ChildProcess.Start(new ChildProcessOptions
        {
            Name = "flock",
            FileName = "flock",
            Arguments = ["--exclusive", Path.Combine(other, "lock"), "sh", "-c", "echo held; exec sleep 600"],
        });
        await Eventually.TrueAsync(() => Task.FromResult(lab.Lines.Contains("held")));

        using (LabDirectory.Create())
        {
            Assert.True(Directory.Exists(other));
        }
        lab.Kill();
        await lab.Exited;
        // Its child held the same lock and ends a moment later.
        await Eventually.TrueAsync(() =>
        {
            using var next = LabDirectory.Create();
            return Task.FromResult(!Directory.Exists(other));
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Create_LabWasKilledBeforeItsLock_NameTellsWhoseFolderItIs(bool alive)
    {
        using var own = LabDirectory.Create();
        using var dead = Process.Start(new ProcessStartInfo("true"))!;
        dead.WaitForExit();
        var owner = alive ? Environment.ProcessId : dead.Id;
        var other = Path.Combine(Path.GetDirectoryName(own.Path)!, string.Create(CultureInfo.InvariantCulture, $"rds-automation-lab-{owner}-nolock"));
        Directory.CreateDirectory(other);

        LabDirectory.Create().Dispose();

        Assert.Equal(alive, Directory.Exists(other));
        if (alive) Directory.Delete(other);
    }
}
