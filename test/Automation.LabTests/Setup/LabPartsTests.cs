using Automation.Lab.Setup;

namespace Automation.LabTests.Setup;

public sealed class LabPartsTests
{
    [Fact]
    public async Task Dispose_PartsInTheMiddleThrow_OthersEndAndTheFolderIsGone()
    {
        var directory = LabDirectory.Create();
        var (parts, ended) = (new LabParts(directory), new List<string>());
        parts.Own(new Part(() => ended.Add("first")));
        parts.Own(new Part(() => throw new IOException("it hangs")));
        parts.Own(new Part(() => throw new IOException("it is stuck")));
        parts.Own(new Part(() => ended.Add("last")));

        var thrown = await Assert.ThrowsAsync<LabEndingException>(async () => await parts.DisposeAsync());

        Assert.Equal(["last", "first"], ended);
        Assert.False(Directory.Exists(directory.Path));
        Assert.Equal("Part: it is stuck; Part: it hangs", thrown.Message);
        Assert.DoesNotContain(directory, LabDirectory.StillThere);
    }

    [Fact]
    public async Task Leftovers_SomethingRunsInItsFolder_NamesBoth()
    {
        using var directory = LabDirectory.Create();
        await using var child = ChildProcess.Start(new ChildProcessOptions { Name = "a sleeper of LabPartsTests", FileName = "sleep", Arguments = ["600"] });

        Assert.Superset(new HashSet<string> { child.Name, directory.Path }, Leftovers.Names.ToHashSet());

        child.Kill();
        await child.Exited;
        directory.Dispose();
        Assert.Empty(Leftovers.Names.Intersect([child.Name, directory.Path]));
    }

    private sealed class Part(Action end) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            end();
            return ValueTask.CompletedTask;
        }
    }
}
