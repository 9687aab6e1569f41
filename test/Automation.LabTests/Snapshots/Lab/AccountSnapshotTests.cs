using Amazon.RDS.Model;
using Automation.Lab;
using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Lab.Postgres;
using Automation.Lab.Snapshots;
using Automation.LabTests.Account;
using Automation.LabTests.Fixtures;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Snapshots.Lab;

/// <summary>Snapshots in an account with an instance of the lab: behind its gate a server, in front of it the bus.</summary>
public sealed class AccountSnapshotTests(MotoFixture moto, PostgresFixture postgres)
{
    private const string Home = "ap-east-1", Abroad = "eu-north-1";
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_OfALabInstance_IsARealBackupAndTheBusHearsOfTheHomeRegionAlone()
    {
        await using var instance = await LabInstance.StartAsync(new LabInstanceOptions
        {
            Id = "snapshotted",
            Binaries = await PostgresBinaries.FindOrInstallAsync(null, cancellation),
            Directory = postgres.Directory,
            Authority = postgres.Authority,
            Region = Home,
            Credentials = _ => null,
            Time = TimeProvider.System,
        }, cancellation);
        await using var lab = await AccountOnMoto.StartAsync(moto, "snapshots", Home, cancellation);
        lab.Account.Connect(new Nobody());
        await lab.Account.RegisterAsync(instance, cancellation);
        await lab.Account.Keys.CreateAsync("alias/copies-of-the-lab", Abroad, null, cancellation);
        using var abroad = new LabClients(lab.Account.Endpoint.Uri, LabClients.Anybody, Abroad);

        var snapshot = (await lab.Application.Rds.CreateDBSnapshotAsync(
            new CreateDBSnapshotRequest { DBInstanceIdentifier = instance.Id, DBSnapshotIdentifier = "auto-snapshotted" }, cancellation)).DBSnapshot;
        await UntilAvailableAsync(lab.Account, snapshot.DBSnapshotArn);
        var copy = (await abroad.Rds.CopyDBSnapshotAsync(new CopyDBSnapshotRequest
        {
            SourceDBSnapshotIdentifier = snapshot.DBSnapshotArn,
            SourceRegion = Home,
            TargetDBSnapshotIdentifier = "auto-snapshotted-copy",
            KmsKeyId = "alias/copies-of-the-lab",
        }, cancellation)).DBSnapshot;
        await UntilAvailableAsync(lab.Account, copy.DBSnapshotArn);

        Assert.Equal(["RDS-EVENT-0040", "RDS-EVENT-0042"],
            lab.Account.Bus.Events.Entries.Select(e => e.GetProperty("detail").GetProperty("EventID").GetString()));
        await using var restored = await lab.Account.Snapshots.RestoreAsync(copy.DBSnapshotArn, cancellation);
        await using var admin = await restored.Server.OpenAdminAsync(cancellation);
        await using var roles = new Npgsql.NpgsqlCommand("SELECT count(*) FROM pg_roles WHERE rolname = 'automation'", admin);
        Assert.Equal(1L, await roles.ExecuteScalarAsync(cancellation));
        Assert.Empty(lab.Account.Endpoint.Problems.Entries);
    }

    private async Task UntilAvailableAsync(LabAccount account, string arn)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        await account.Snapshots.Changes.FirstAsync(s => s.Arn == arn && s.Status == SnapshotStatus.Available, deadline.Token);
    }

    private sealed class Nobody : IFunctionInvoker
    {
        public Task<FunctionAnswer> InvokeAsync(string functionLogicalId, ReadOnlyMemory<byte> payload, CancellationToken cancellation) =>
            Task.FromResult(new FunctionAnswer { Succeeded = true });
    }
}
