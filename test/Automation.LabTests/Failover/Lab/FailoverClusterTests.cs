using Amazon.RDS.Model;
using Automation.Lab.Account;
using Automation.Lab.Failover;
using Automation.Lab.Postgres;
using Automation.LabTests.Account;
using Automation.LabTests.Fixtures;
using Automation.LabTests.Postgres;
using Npgsql;

namespace Automation.LabTests.Failover.Lab;

/// <summary>A cluster that looks like Aurora, through the RDS API and its endpoints.</summary>
public sealed class FailoverClusterTests(FailoverClusterTests.Stage stage) : IClassFixture<FailoverClusterTests.Stage>
{
    private const string Id = "aurora", Region = "ap-south-2", Role = "application";

    private static readonly FailoverScript Quick = new()
    {
        Lead = TimeSpan.FromMilliseconds(20),
        Silent = TimeSpan.FromMilliseconds(20),
        Refused = TimeSpan.FromMilliseconds(20),
        StartingUp = TimeSpan.FromMilliseconds(20),
        Completion = TimeSpan.FromMilliseconds(20),
    };

    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    private LabAuroraCluster Cluster => stage.Cluster;

    private AccountOnMoto Lab => stage.Lab;

    private FailoversService Failovers => stage.Lab.Account.Failovers;

    [Fact]
    public async Task FailOver_ToTheReader_MovesTheWriterAndTheOldOneComesBackAsTheReader()
    {
        var before = await ShownAsync();
        Assert.Equal($"{Id}-1", WriterOf(before));
        Assert.Equal($"{Id}-1 writes", await SeenAsync(new(before.Endpoint, before.Port!.Value)));
        Assert.Equal($"{Id}-2 25006", await SeenAsync(new(before.ReaderEndpoint, before.Port.Value)));
        Assert.Equal(["TRACKED_CLUSTER", "RDS_INSTANCE READ_WRITE AVAILABLE", "RDS_INSTANCE READ_ONLY AVAILABLE"], await TargetsAsync());
        Failovers.Script(Id, Quick);

        var answer = await FailOverAsync($"{Id}-2");
        Assert.Equal("failing-over", answer.Status);
        await EndedAsync();

        var after = await ShownAsync();
        Assert.Equal(($"{Id}-2", "available"), (WriterOf(after), after.Status));
        Assert.True(after.MultiAZ);
        Assert.Equal($"{Id}-2 writes", await SeenAsync(new(after.Endpoint, after.Port!.Value)));
        Assert.Equal($"{Id}-1 25006", await SeenAsync(new(after.ReaderEndpoint, after.Port.Value)));
        Assert.Equal($"{Id}-2 writes", await SeenAsync(Cluster.Proxy!.Endpoint));
        foreach (var member in Cluster.Members)
        {
            var shown = Assert.Single((await Lab.Application.Rds.DescribeDBInstancesAsync(
                new DescribeDBInstancesRequest { DBInstanceIdentifier = member.Id }, cancellation)).DBInstances);
            Assert.Equal(("available", Id), (shown.DBInstanceStatus, shown.DBClusterIdentifier));
            Assert.StartsWith(member.Id, await SeenAsync(new(shown.Endpoint.Address, shown.Endpoint.Port!.Value)), StringComparison.Ordinal);
        }
        Assert.Equal(
            [$"Started cross AZ failover to DB instance: {Id}-2", $"Completed failover to DB instance: {Id}-2"], Failovers.Events.Entries.Select(e => e.Message));
        Assert.Equal(["TRACKED_CLUSTER", "RDS_INSTANCE READ_WRITE AVAILABLE", "RDS_INSTANCE READ_ONLY AVAILABLE"], await TargetsAsync());

        // And back again: to the first writer on its new data, which only the other could have given it.
        Failovers.Script(Id, Quick);
        await FailOverAsync($"{Id}-1");
        await EndedAsync();
        Assert.Equal($"{Id}-1 writes", await SeenAsync(new(after.Endpoint, after.Port.Value)));
        Assert.Equal(2, Failovers.Accepted.Entries.Count);
        Assert.Empty(Lab.Account.Endpoint.Problems.Entries);
    }

    [Fact]
    public async Task FailOver_WhatRdsRefuses_IsRefusedAndNotCounted()
    {
        var accepted = Failovers.Accepted.Entries.Count;

        await Assert.ThrowsAsync<InvalidDBInstanceStateException>(() => FailOverAsync($"{Id}-1"));
        await Assert.ThrowsAsync<InvalidDBInstanceStateException>(() => FailOverAsync("stranger"));
        await Assert.ThrowsAsync<DBClusterNotFoundException>(() =>
            Lab.Application.Rds.FailoverDBClusterAsync(new FailoverDBClusterRequest { DBClusterIdentifier = "nothing" }, cancellation));
        Failovers.SetStatus(Id, "modifying");
        try
        {
            await Assert.ThrowsAsync<InvalidDBClusterStateException>(() => FailOverAsync($"{Id}-2"));
        }
        finally
        {
            Failovers.SetStatus(Id, "available");
        }

        Assert.Equal(accepted, Failovers.Accepted.Entries.Count);
    }

    private async Task<DBCluster> ShownAsync() => Assert.Single((await Lab.Application.Rds.DescribeDBClustersAsync(
        new DescribeDBClustersRequest { DBClusterIdentifier = Id }, cancellation)).DBClusters);

    private static string WriterOf(DBCluster shown) => Assert.Single(shown.DBClusterMembers, m => m.IsClusterWriter == true).DBInstanceIdentifier;

    private async Task<DBCluster> FailOverAsync(string target) => (await Lab.Application.Rds.FailoverDBClusterAsync(
        new FailoverDBClusterRequest { DBClusterIdentifier = Id, TargetDBInstanceIdentifier = target }, cancellation)).DBCluster;

    private async Task EndedAsync()
    {
        var last = Failovers.Accepted.Entries[^1];
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        await Failovers.Ended.FirstAsync(e => e.Accepted == last, deadline.Token);
    }

    private async Task<string[]> TargetsAsync() =>
        [.. (await Lab.Application.Rds.DescribeDBProxyTargetsAsync(new DescribeDBProxyTargetsRequest { DBProxyName = "before-aurora" }, cancellation))
            .Targets.Select(t => string.Join(' ', new[] { t.Type?.Value, t.Role?.Value, t.TargetHealth?.State?.Value }.OfType<string>()))];

    /// <summary>Which instance answers at an endpoint, and what becomes of a write there.</summary>
    private async Task<string> SeenAsync(DatabaseEndpoint endpoint)
    {
        await using var session = new NpgsqlConnection(Cluster.Login(endpoint, Role, stage.Password, "application").ConnectionString);
        await session.OpenAsync(cancellation);
        var instance = await session.ScalarAsync("SELECT aurora_db_instance_identifier()");
        try
        {
            await session.RunAsync("CREATE TEMPORARY TABLE written (id int)");
            return $"{instance} writes";
        }
        catch (PostgresException e)
        {
            return $"{instance} {e.SqlState}";
        }
    }

    /// <summary>One account and cluster for the class; every test leaves it with the writer it began with.</summary>
    public sealed class Stage(MotoFixture moto, PostgresFixture postgres) : IAsyncLifetime
    {
        internal LabAuroraCluster Cluster { get; private set; } = null!;

        internal AccountOnMoto Lab { get; private set; } = null!;

        internal string Password { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            var cancellation = TestContext.Current.CancellationToken;
            Cluster = await LabAuroraCluster.StartAsync(new LabAuroraOptions
            {
                Id = Id,
                Binaries = await PostgresBinaries.FindOrInstallAsync(null, cancellation),
                Directory = postgres.Directory,
                Authority = postgres.Authority,
                Region = Region,
                Credentials = _ => null,
                Proxy = true,
                Time = TimeProvider.System,
            }, cancellation);
            Password = await Cluster.CreateLoginAsync(Role, cancellation);
            Lab = await AccountOnMoto.StartAsync(moto, "clusters", Region, cancellation);
            Lab.Account.Connect(new NoFunctions());
            await Lab.Account.RegisterAsync(Cluster, cancellation);
            await Lab.Account.RegisterProxyAsync("before-aurora", Cluster, cancellation);
            Lab.Account.Failovers.Pause = TimeSpan.Zero;
        }

        public async ValueTask DisposeAsync()
        {
            if (Lab is not null) await Lab.DisposeAsync();
            if (Cluster is not null) await Cluster.DisposeAsync();
        }
    }
}
