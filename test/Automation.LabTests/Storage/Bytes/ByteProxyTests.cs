using Amazon.Runtime;
using Automation.Database;
using Automation.Fleet;
using Automation.Lab;
using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using Automation.Storage.Bytes;
using Npgsql;

namespace Automation.LabTests.Storage.Bytes;

/// <summary>Measured through RDS Proxy, with IAM, and back at the instance when the proxy does not let us in.</summary>
public sealed class ByteProxyTests(PostgresFixture postgres)
{
    private const string Region = "eu-central-2", Key = "ASIABYTESTEST";

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_ProxyLeadsToTheDatabase_GoesThroughItWithoutPinningAndElseToTheInstance()
    {
        await using var instance = await StartAsync();
        var login = new IamLogin(LabInstance.AutomationUser, new IamTokens(new SessionAWSCredentials(Key, "bytes/secret", "bytes-token"), Region, TimeProvider.System));
        var access = ByteReading.AccessTo(postgres.Authority.BundlePath, login, [new DatabaseProxy("app", instance.Proxy!.Endpoint.Host)]);
        var (reader, database) = (new ByteTableReader(access, TimeProvider.System), ByteReading.DatabaseAt("localhost", instance.Gate.Port));

        var through = ByteReading.Of(await reader.ReadAsync(database, Test));
        var (measured, direct) = (instance.Proxy.Gate.Counts, instance.Gate.Counts.Accepted);
        await PinAsync(instance, login);
        var pinned = instance.Proxy.Gate.Counts;
        instance.Proxy.Gate.Mode = GateMode.Refusing;
        var past = ByteReading.Of(await reader.ReadAsync(database, Test));

        Assert.DoesNotContain(through.Blind, sentence => sentence.Contains("RDS Proxy", StringComparison.Ordinal));
        Assert.NotNull(through.Wal);
        Assert.Contains(through.Relations, relation => relation.Database == "postgres");
        Assert.InRange(measured.Authenticated, 1, 2);
        Assert.Equal((0, 0), (measured.Pinned, direct));
        Assert.Equal(1, pinned.Pinned);
        Assert.StartsWith("RDS Proxy app did not let automation in", past.Blind[0], StringComparison.Ordinal);
        Assert.NotNull(past.Wal);
        Assert.True(instance.Gate.Counts.Authenticated > 0);
    }

    /// <summary>That the proxy would have told: what pins does count.</summary>
    private async Task PinAsync(LabInstance instance, IamLogin login)
    {
        await using var session = ByteReading.Of(await DatabaseSession.OpenUnpooledAsync(
            new DatabaseEndpoint(instance.Proxy!.Endpoint.Host, DatabaseProxy.Port, EndpointKind.Proxy), login,
            TrustedRoots.FromFile(postgres.Authority.BundlePath, "CA_BUNDLE_PATH"), OwnSessions.Options, TimeSpan.FromSeconds(10), TimeProvider.System, Test));
        ByteReading.Of(await session.RunAsync(async (connection, stop) =>
        {
            await using var command = new NpgsqlCommand("SET work_mem = '1MB'", connection);
            return await command.ExecuteNonQueryAsync(stop);
        }, DatabaseActivity.Reading, TimeSpan.FromSeconds(10), Test));
    }

    private async Task<LabInstance> StartAsync() => await LabInstance.StartAsync(new LabInstanceOptions
    {
        Id = "bytes",
        Binaries = await PostgresBinaries.FindOrInstallAsync(null, Test),
        Directory = postgres.Directory,
        Authority = postgres.Authority,
        Region = Region,
        Proxy = true,
        Credentials = key => key == Key
            ? new GateCredential { SecretAccessKey = "bytes/secret", SessionToken = "bytes-token", ConnectAs = new HashSet<string> { LabInstance.AutomationUser } }
            : null,
        Time = TimeProvider.System,
    }, Test);
}
