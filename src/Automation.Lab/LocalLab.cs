using System.Globalization;
using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Lab.Failover;
using Automation.Lab.Gate;
using Automation.Lab.Incidents;
using Automation.Lab.Lambda;
using Automation.Lab.Postgres;
using Automation.Lab.Setup;
using Automation.Lab.Storage;
using Automation.Lab.Template;
using Automation.Lab.Tls;

namespace Automation.Lab;

/// <summary>
/// An AWS account on one machine, with the stack of <c>template.yaml</c> deployed in it and one database. Disposing it
/// leaves nothing behind.
/// </summary>
internal sealed class LocalLab : IAsyncDisposable
{
    /// <summary>The instance identifier of the lab's database.</summary>
    public const string DatabaseId = "orders";

    /// <summary>The instance whose disk fills.</summary>
    public const string FillingId = "events";

    /// <summary>The RDS Proxy before it, where it has one.</summary>
    public const string ProxyName = "orders-proxy";

    // 60: an alarm of five one-minute periods needs five seconds.
    private const double Compression = 60;
    private const long StorageThreshold = StorageIncident.AllocatedGiB * LabVolume.GiB / 10; // a tenth, as AWS recommends
    private const int AlarmThreshold = 76; // 80 % of the 95 usable slots, as docs/deploy.md advises

    private readonly LabParts parts;
    private readonly LocalLabOptions options;
    private TemplateInputs inputs = new();

    private LocalLab(LocalLabOptions options)
    {
        this.options = options;
        Directory = LabDirectory.Create();
        parts = new LabParts(Directory);
    }

    /// <summary>The program of the functions, as it was built with the lab: Debug or Release.</summary>
    public static string Executable { get; } = Repository.PathOf(Path.Combine(
        "src", "Automation", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "Automation"));

    public LabDirectory Directory { get; }

    public LabInstance Database { get; private set; } = null!;

    /// <summary>An instance on a volume of enforced size; <c>null</c> without <see cref="LocalLabOptions.StorageTag"/>.</summary>
    public LabInstance? Filling { get; private set; }

    public LabAccount Account { get; private set; } = null!;

    /// <summary>Where the account is.</summary>
    public string Region => inputs.Region;

    /// <summary>Whether the functions as deployed only observe.</summary>
    public bool Observes => options.Observe;

    /// <summary>The functions as deployed.</summary>
    public FunctionFleet Functions { get; private set; } = null!;

    /// <summary>The same executable with <c>MODE=observe</c>, for invoking by hand.</summary>
    public FunctionFleet Observers { get; private set; } = null!;

    /// <summary>Starts everything but alarms; <see cref="LabAccount.WatchAsync"/> turns those on.</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="progress">Gets a line for every step.</param>
    /// <param name="cancellation">Gives up; what was started is ended.</param>
    public static async Task<LocalLab> StartAsync(LocalLabOptions options, Action<string> progress, CancellationToken cancellation)
    {
        var lab = new LocalLab(options);
        try
        {
            await lab.BuildAsync(progress, cancellation);
            return lab;
        }
        catch
        {
            try
            {
                await lab.DisposeAsync();
            }
            catch (LabEndingException)
            {
                // Why it could not be built is what is told.
            }
            throw;
        }
    }

    /// <summary>The functions once more, with no process running yet; the caller ends them.</summary>
    /// <param name="overrides">Variables that replace the template's.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<FunctionFleet> DeployAsync(IReadOnlyDictionary<string, string> overrides, CancellationToken cancellation) =>
        FunctionFleet.StartAsync(Account, options.Executable, inputs, Account.Roles.CredentialsOf, overrides, cancellation);

    /// <exception cref="LabEndingException">Something did not end in order; the rest did.</exception>
    public ValueTask DisposeAsync() => parts.DisposeAsync();

    private async Task BuildAsync(Action<string> progress, CancellationToken cancellation)
    {
        var time = TimeProvider.System;

        progress("looking for PostgreSQL and moto");
        var binaries = await PostgresBinaries.FindOrInstallAsync(progress, cancellation);
        var python = await PythonEnvironment.PrepareAsync([PythonModule.Moto], progress, cancellation);

        progress("starting moto, the AWS API");
        var moto = parts.Own(await MotoServer.StartAsync(python, cancellation));

        progress(string.Create(CultureInfo.InvariantCulture, $"starting PostgreSQL {binaries.Version} with {options.MaxConnections} connection slots"));
        var authority = LabCertificateAuthority.Create(Directory, time);
        Database = parts.Own(await LabInstance.StartAsync(new LabInstanceOptions
        {
            Id = DatabaseId,
            Binaries = binaries,
            Directory = Directory,
            Authority = authority,
            Region = inputs.Region,
            MaxConnections = options.MaxConnections,
            MultiAz = options.FailoverTag is null ? null : new MultiAz(),
            Proxy = options.FailoverTag is not null,
            Tags = Tags(options),
            Credentials = key => Credential(key, DatabaseId),
            Time = time,
        }, cancellation));
        if (options.StorageTag is { } storage)
        {
            progress(string.Create(CultureInfo.InvariantCulture, $"starting another on a volume of {StorageIncident.AllocatedGiB} GiB"));
            Filling = parts.Own(await LabInstance.StartAsync(new LabInstanceOptions
            {
                Id = FillingId,
                Binaries = binaries,
                Directory = Directory,
                Authority = authority,
                Region = inputs.Region,
                Volume = new LabVolumeOptions { AllocatedGiB = StorageIncident.AllocatedGiB },
                LogicalReplication = true,
                Tags = new Dictionary<string, string> { ["automation:storage"] = storage },
                Credentials = key => Credential(key, FillingId),
                Time = time,
            }, cancellation));
            await StorageIncident.LoadAsync(Filling, cancellation);
        }

        progress("deploying template.yaml");
        Account = parts.Own(await LabAccount.StartAsync(new LabAccountOptions
        {
            Moto = moto.Uri,
            Template = Repository.Read("template.yaml"),
            Inputs = inputs = inputs with
            {
                Parameters = new Dictionary<string, string>
                {
                    ["Mode"] = options.Observe ? "observe" : "act",
                    ["CaBundlePath"] = authority.BundlePath,
                    ["DatabaseUser"] = LabInstance.AutomationUser,
                    ["ConnectionsAlarmDatabase"] = DatabaseId,
                    ["ConnectionsAlarmThreshold"] = AlarmThreshold.ToString(CultureInfo.InvariantCulture),
                    ["StorageAlarmDatabase"] = Filling is null ? "" : FillingId,
                    ["StorageAlarmThreshold"] = StorageThreshold.ToString(CultureInfo.InvariantCulture),
                },
            },
            Clock = new LabClock(time, Compression),
            Seed = options.Seed,
        }, cancellation));
        await Account.RegisterAsync(Database, cancellation);
        if (Database.Proxy is not null) await Account.RegisterProxyAsync(ProxyName, Database, cancellation);
        // As old as what CloudWatch is told of it.
        if (Filling is not null) await Account.RegisterAsync(Filling, Filling.Registration with { CreatedAt = DateTimeOffset.UtcNow - StorageIncident.Past }, cancellation);
        // The connections of the other are nobody's business here.
        foreach (var metric in Database.Metrics.Concat(Filling?.Metrics.Where(metric => metric.Name == "FreeStorageSpace") ?? [])) Account.Metrics.Add(metric);

        Functions = parts.Own(await DeployAsync(new Dictionary<string, string>(), cancellation));
        Observers = parts.Own(await DeployAsync(new Dictionary<string, string> { ["MODE"] = "observe" }, cancellation));
        Account.Connect(Functions);
    }

    // The gate asks for each token whether its signer may log in to this database as the automation's role.
    private GateCredential? Credential(string key, string databaseId) => Account.Roles.Find(key) is { } role
        ? new GateCredential
        {
            SecretAccessKey = role.SecretAccessKey,
            SessionToken = role.SessionToken,
            ConnectAs = Account.Roles.MayConnect(key, DatabaseDirectory.InstanceResourceId(databaseId), LabInstance.AutomationUser)
                ? new HashSet<string> { LabInstance.AutomationUser }
                : [],
        }
        : null;

    private static Dictionary<string, string> Tags(LocalLabOptions options)
    {
        var tags = new Dictionary<string, string> { ["automation:connections"] = options.ConnectionsTag };
        if (options.SnapshotsTag is { } snapshots) tags["automation:snapshots"] = snapshots;
        if (options.FailoverTag is { } failover)
        {
            tags["automation:failover-test"] = failover;
            tags["environment"] = "staging"; // the template's STAGING_TAG
        }
        return tags;
    }
}
