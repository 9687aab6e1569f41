using System.Globalization;
using Amazon.RDS.Model;
using Automation.Lab.Postgres;
using Automation.Lab.Setup;
using Automation.Lab.Snapshots;
using Automation.LabTests.Fixtures;
using Automation.LabTests.Postgres;
using Npgsql;

namespace Automation.LabTests.Snapshots.Lab;

/// <summary>What is in a snapshot: rows of a real server.</summary>
public sealed class SnapshotDataTests(MotoFixture moto, PostgresFixture postgres) : IAsyncLifetime
{
    private const string Home = "us-east-2", Abroad = "ca-west-1";
    private const int Stop = 19, Continue = 18; // SIGSTOP, SIGCONT
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private PostgresServer server = null!;
    private SnapshotsOnMoto lab = null!;

    public async ValueTask InitializeAsync()
    {
        server = await postgres.StartOwnAsync();
        lab = await SnapshotsOnMoto.StartAsync(moto, Home);
        await server.ExecuteAsync("CREATE TABLE orders (number int)", cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await lab.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Restore_RowsBeforeAndAfter_HasExactlyThoseBefore()
    {
        var instance = await lab.CreateInstanceAsync(server);
        await server.ExecuteAsync("INSERT INTO orders VALUES (1)", cancellation);
        var snapshot = await lab.TakeAsync(instance);
        await server.ExecuteAsync("INSERT INTO orders VALUES (2)", cancellation);

        string folder;
        await using (var restored = await lab.Snapshots.RestoreAsync(snapshot.DBSnapshotIdentifier, cancellation))
        {
            folder = restored.Server.Folder;
            Assert.Equal([1], await OrdersAsync(restored.Server));
            await restored.Server.ExecuteAsync("INSERT INTO orders VALUES (3)", cancellation);
        }

        Assert.False(Directory.Exists(folder));
        Assert.Equal([1, 2], await OrdersAsync(server));
        await using var again = await lab.Snapshots.RestoreAsync(snapshot.DBSnapshotArn, cancellation);
        Assert.Equal([1], await OrdersAsync(again.Server));
    }

    [Fact]
    public async Task Restore_CopyInAnotherRegion_OutlivesItsSource()
    {
        var instance = await lab.CreateInstanceAsync(server);
        await server.ExecuteAsync("INSERT INTO orders VALUES (7)", cancellation);
        var snapshot = await lab.TakeAsync(instance);
        var copy = await lab.CopyAsync(snapshot.DBSnapshotArn, Abroad);
        var finished = await lab.UntilAsync(copy.DBSnapshotArn, SnapshotStatus.Available);

        await lab.DeleteAsync(snapshot.DBSnapshotIdentifier);

        Assert.True(Directory.Exists(finished.Data!.Folder));
        await using var restored = await lab.Snapshots.RestoreAsync(copy.DBSnapshotArn, cancellation);
        Assert.Equal([7], await OrdersAsync(restored.Server));
    }

    [Fact]
    public async Task Restore_MasterUser_LogsInWithThePasswordOfThen()
    {
        var instance = await lab.CreateInstanceAsync(server);
        var snapshot = await lab.TakeAsync(instance);

        await using var restored = await lab.Snapshots.RestoreAsync(snapshot.DBSnapshotIdentifier, cancellation);

        await using var master = new NpgsqlConnection(restored.Server.Connection(server.MasterUser, restored.Server.MasterPassword).ConnectionString);
        await master.OpenAsync(cancellation);
    }

    [Fact]
    public async Task Restore_NotFinished_IsRefused()
    {
        lab.Snapshots.Faults.Inject(new SnapshotFault { Kind = SnapshotFaultKind.Stall });
        var snapshot = await lab.BeginAsync(await lab.CreateInstanceAsync(server));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => lab.Snapshots.RestoreAsync(snapshot.DBSnapshotIdentifier, cancellation));

        Assert.Contains("Creating", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ServerIsDown_Fails()
    {
        var instance = await lab.CreateInstanceAsync(server);
        await server.StopAsync(PostgresShutdown.Immediate);

        var begun = await lab.BeginAsync(instance);
        var failed = await lab.UntilAsync(begun.DBSnapshotArn, SnapshotStatus.Failed);

        Assert.Contains("pg_basebackup", failed.Problem, StringComparison.Ordinal);
        var shown = await lab.ShownAsync(begun.DBSnapshotIdentifier);
        Assert.Equal(("failed", (DateTime?)null), (shown.Status, shown.SnapshotCreateTime));
        Assert.Equal(["RDS-EVENT-0040"], lab.EventIds);
        await lab.DeleteAsync(begun.DBSnapshotIdentifier);
        await Assert.ThrowsAsync<DBSnapshotNotFoundException>(() => lab.ShownAsync(begun.DBSnapshotIdentifier));
    }

    [Fact]
    public async Task Delete_Available_RemovesItsData()
    {
        var snapshot = await lab.TakeAsync(await lab.CreateInstanceAsync(server));
        var folder = Assert.Single(lab.Snapshots.All).Data!.Folder;
        Assert.True(Directory.Exists(folder));

        var deleted = (await lab.Rds.DeleteDBSnapshotAsync(
            new DeleteDBSnapshotRequest { DBSnapshotIdentifier = snapshot.DBSnapshotIdentifier }, cancellation)).DBSnapshot;

        Assert.Equal("deleted", deleted.Status);
        Assert.False(Directory.Exists(folder));
        Assert.Equal(["RDS-EVENT-0040", "RDS-EVENT-0042", "RDS-EVENT-0041"], lab.EventIds);
    }

    [Fact]
    public async Task Create_OfAServer_ReportsHowFarItIs()
    {
        var snapshot = await lab.TakeAsync(await lab.CreateInstanceAsync(server));

        Assert.Contains(lab.Snapshots.Changes.Entries, s => s is { Status: SnapshotStatus.Creating, Percent: 100 } && s.Arn == snapshot.DBSnapshotArn);
    }

    [Fact]
    public async Task Dispose_WithASnapshotAndOneUnderway_LeavesNothing()
    {
        var snapshot = await lab.TakeAsync(await lab.CreateInstanceAsync(server));
        // A server that does not answer: the base backup has begun and cannot end.
        var postmaster = int.Parse(File.ReadLines(Path.Combine(server.DataFolder, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        Signals.Send(postmaster, Stop);
        try
        {
            var begun = await lab.BeginAsync(await lab.CreateInstanceAsync(server));
            await Eventually.TrueAsync(() => Task.FromResult(BaseBackups().Count > 0));
            var target = Assert.Single(BaseBackups());
            Assert.True(Directory.Exists(target));

            await lab.Snapshots.DisposeAsync();

            Assert.Empty(BaseBackups());
            Assert.All([target, lab.Snapshots.All.Single(s => s.Arn == snapshot.DBSnapshotArn).Data!.Folder], f => Assert.False(Directory.Exists(f)));
            Assert.Equal(SnapshotStatus.Failed, lab.Snapshots.All.Single(s => s.Arn == begun.DBSnapshotArn).Status);
        }
        finally
        {
            Signals.Send(postmaster, Continue);
        }
    }

    // Where the base backups of this server that run now write to.
    private List<string> BaseBackups()
    {
        var targets = new List<string>();
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), out _)))
        {
            try
            {
                var words = File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0');
                if (words[0].EndsWith("/pg_basebackup", StringComparison.Ordinal) && words.Contains(server.Folder))
                    targets.Add(words[Array.IndexOf(words, "--pgdata") + 1]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Ended between the listing and the look.
            }
        }
        return targets;
    }

    private async Task<List<int>> OrdersAsync(PostgresServer of)
    {
        await using var connection = await of.OpenAdminAsync(cancellation);
        await using var command = new NpgsqlCommand("SELECT number FROM orders ORDER BY number", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var numbers = new List<int>();
        while (await reader.ReadAsync(cancellation)) numbers.Add(reader.GetInt32(0));
        return numbers;
    }
}
