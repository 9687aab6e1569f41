using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Amazon.Runtime;
using Automation.Lab;
using Automation.Lab.Failover;
using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.Lab.Setup;
using Automation.Lab.Tls;

namespace Automation.Benchmarks.Failovers;

/// <summary>
/// The servers and their endpoints, in a process of their own: so the threads, sockets and memory of the process that
/// measures are those of its clients.
/// </summary>
internal static class FailoverLab
{
    /// <summary>The argument this program is started with.</summary>
    public const string Word = "failover-lab";

    /// <summary>The argument after it, for a cluster; anything else is an instance.</summary>
    public const string Cluster = "cluster";

    public const string Region = "eu-central-1", Done = "done";

    private const string AccessKey = "ASIAFAILOVERBENCH", SecretKey = "failover/benchmark/secret", SessionToken = "failover-benchmark-token";

    public static SessionAWSCredentials Credentials { get; } = new(AccessKey, SecretKey, SessionToken);

    /// <summary>Starts them, tells where they are, and sets their endpoints to the mode that each line of the input names, until it ends.</summary>
    public static async Task ServeAsync(bool cluster)
    {
        // Ctrl-C is meant for the process that measures; when that one ends, however it ends, the input does.
        using var deaf = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var directory = LabDirectory.Create();
        using var authority = LabCertificateAuthority.Create(directory, TimeProvider.System);
        var binaries = await PostgresBinaries.FindOrInstallAsync(null, CancellationToken.None);
        await (cluster ? ServeClusterAsync(binaries, directory, authority) : ServeInstanceAsync(binaries, directory, authority));
    }

    private static async Task ServeInstanceAsync(PostgresBinaries binaries, LabDirectory directory, LabCertificateAuthority authority)
    {
        await using var lab = await LabInstance.StartAsync(new LabInstanceOptions
        {
            Id = "game",
            Binaries = binaries,
            Directory = directory,
            Authority = authority,
            Region = Region,
            Credentials = Credential,
            MultiAz = new MultiAz(),
            Proxy = true,
            Time = TimeProvider.System,
        }, CancellationToken.None);
        await ObeyAsync(EndpointsOf(lab.Server, lab.Standby!, lab.Gate, lab.Proxy!, null, authority), [lab.Gate, lab.Proxy!.Gate]);
    }

    private static async Task ServeClusterAsync(PostgresBinaries binaries, LabDirectory directory, LabCertificateAuthority authority)
    {
        await using var lab = await LabAuroraCluster.StartAsync(new LabAuroraOptions
        {
            Id = "game",
            Binaries = binaries,
            Directory = directory,
            Authority = authority,
            Region = Region,
            Credentials = Credential,
            Proxy = true,
            Time = TimeProvider.System,
        }, CancellationToken.None);
        // The role of an instance that has a standby has it from sql/bootstrap.sql.
        var reader = lab.Registration.ReaderEndpoint!.Host;
        await ObeyAsync(EndpointsOf(lab.Writer.Server, lab.Standby!, lab.Gate, lab.Proxy!, reader, authority), [lab.Gate, lab.ReaderGate, lab.Proxy!.Gate]);
    }

    private static LabEndpoints EndpointsOf(PostgresServer primary, PostgresStandby standby, DatabaseGate gate, LabProxy proxy, string? reader, LabCertificateAuthority authority) =>
        new(primary.Version.ToString(), gate.Port, proxy.Endpoint.Host, reader, authority.BundlePath, PostmasterOf(primary), PostmasterOf(standby.Server));

    private static async Task ObeyAsync(LabEndpoints endpoints, DatabaseGate[] gates)
    {
        Console.WriteLine(JsonSerializer.Serialize(endpoints));
        using var input = new StreamReader(Console.OpenStandardInput());
        while (await input.ReadLineAsync() is { } line)
        {
            foreach (var gate in gates)
            {
                gate.Mode = Enum.Parse<GateMode>(line);
                // What was sent to the dead host is answered by nobody; the new one resets it.
                if (gate.Mode == GateMode.Serving) gate.DropConnections();
            }
            Console.WriteLine(Done);
        }
    }

    private static GateCredential? Credential(string key) => key == AccessKey
        ? new GateCredential { SecretAccessKey = SecretKey, SessionToken = SessionToken, ConnectAs = new HashSet<string> { LabInstance.AutomationUser } }
        : null;

    private static int PostmasterOf(PostgresServer server) =>
        int.Parse(File.ReadLines(Path.Combine(server.DataFolder, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
}
