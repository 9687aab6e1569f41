using Automation.Lab.Postgres;

namespace Automation.LabTests.Postgres;

public sealed class PostgresPackageTests
{
    [Fact]
    public async Task Fetch_SeveralAtOnce_OneCompleteFolder()
    {
        var folders = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ =>
            PostgresBinaries.ForMajorAsync(17, null, TestContext.Current.CancellationToken)));

        Assert.All(folders, binaries => Assert.Equal(folders[0], binaries));
        Assert.Equal(17, folders[0].Major);
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(folders[0].Folder, "../.."), "17.*.new"));
    }

    [Fact]
    public async Task Fetch_MajorThatIsNotThere_ErrorListsThoseThatAre()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            PostgresBinaries.ForMajorAsync(9, null, TestContext.Current.CancellationToken));

        Assert.Equal("No PostgreSQL 9 for the lab: there are 13, 14, 15, 16, 17, 18.", refusal.Message);
    }

    [Fact]
    public async Task FindOrInstall_ServerInstalled_HasItsPrograms()
    {
        var binaries = await PostgresBinaries.FindOrInstallAsync(null, TestContext.Current.CancellationToken);

        Assert.True(File.Exists(binaries.Postgres) && File.Exists(binaries.InitDb));
        Assert.Null(binaries.Find("no-such-program"));
    }
}
