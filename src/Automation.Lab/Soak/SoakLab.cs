using System.Globalization;
using System.Text.Json;
using Amazon.SecretsManager.Model;
using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Lab.Failover;
using Automation.Lab.Postgres;
using Automation.Lab.Setup;
using Automation.Lab.Storage;
using Automation.Lab.Template;
using Automation.Lab.Tls;

namespace Automation.Lab.Soak;

/// <summary>An AWS account with the stack in it, and four databases. Disposing it leaves nothing behind.</summary>
internal sealed class SoakLab : IAsyncDisposable
{
    public const string GrowingTable = "events";

    // 60: an alarm of five one-minute periods needs five seconds.
    private const double Compression = 60;
    private const int MaxConnections = 60, AlarmThreshold = 18, AllocatedGiB = 40, LoadedGiB = 33, GrowsPerDayGiB = 2, EndedBefore = 13;
    private const long GiB = LabVolume.GiB;
    private static readonly TimeSpan Past = TimeSpan.FromDays(14);
    private readonly LabParts parts;
    private readonly Dictionary<string, SoakDatabase> databases = new(StringComparer.Ordinal);
    private readonly List<Canary> canaries = [];
    private readonly List<SessionEnded> earlier = [];
    private TemplateInputs inputs = new();

    private SoakLab()
    {
        Directory = LabDirectory.Create();
        parts = new LabParts(Directory);
    }

    public LabDirectory Directory { get; }

    public LabAccount Account { get; private set; } = null!;

    public SoakFunctions Functions { get; private set; } = null!;

    /// <summary>A person: through the endpoint, where no fault is meant for people.</summary>
    public LabClients Person { get; private set; } = null!;

    /// <summary>The table of the ledger, past the endpoint.</summary>
    public LabClients Behind { get; private set; } = null!;

    public IReadOnlyDictionary<string, SoakDatabase> Databases => databases;

    /// <summary>Passwords that the lab itself has set.</summary>
    public IReadOnlyList<Canary> Canaries => canaries;

    /// <summary>What the ledger has of the hour before.</summary>
    public IReadOnlyList<SessionEnded> EndedEarlier => earlier;

    public string LedgerTable => Account.Template.Tables[0].Name;

    /// <summary>Starts everything but alarms.</summary>
    /// <param name="options">Seed and program.</param>
    /// <param name="progress">Gets a line for every step.</param>
    /// <param name="cancellation">Gives up; what was started is ended.</param>
    public static async Task<SoakLab> StartAsync(SoakOptions options, Action<string> progress, CancellationToken cancellation)
    {
        var lab = new SoakLab();
        try
        {
            await lab.BuildAsync(options, progress, cancellation);
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

    /// <exception cref="LabEndingException">Something did not end in order; the rest did.</exception>
    public async ValueTask DisposeAsync()
    {
        Person?.Dispose();
        Behind?.Dispose();
        await parts.DisposeAsync();
    }

    private async Task BuildAsync(SoakOptions options, Action<string> progress, CancellationToken cancellation)
    {
        var binaries = await PostgresBinaries.FindOrInstallAsync(progress, cancellation);
        var python = await PythonEnvironment.PrepareAsync([PythonModule.Moto], progress, cancellation);
        var moto = parts.Own(await MotoServer.StartAsync(python, cancellation));
        var authority = LabCertificateAuthority.Create(Directory, TimeProvider.System);
        var common = new LabInstanceOptions
        {
            Id = "",
            Binaries = binaries,
            Directory = Directory,
            Authority = authority,
            Region = inputs.Region,
            MaxConnections = MaxConnections,
            Credentials = SoakFunctions.CredentialOf,
            Time = TimeProvider.System,
        };
        progress("starting four databases");
        var instances = new List<LabInstance>();
        foreach (var one in Different(common)) instances.Add(parts.Own(await LabInstance.StartAsync(one, cancellation)));

        progress("deploying template.yaml");
        Account = parts.Own(await LabAccount.StartAsync(new LabAccountOptions
        {
            Moto = moto.Uri,
            Template = Repository.Read("template.yaml"),
            Inputs = inputs = inputs with
            {
                Parameters = new Dictionary<string, string>
                {
                    ["Mode"] = "act",
                    ["CaBundlePath"] = authority.BundlePath,
                    ["DatabaseUser"] = LabInstance.AutomationUser,
                    ["ConnectionsAlarmDatabase"] = SoakNames.Orders,
                    ["ConnectionsAlarmThreshold"] = AlarmThreshold.ToString(CultureInfo.InvariantCulture),
                    ["StorageAlarmDatabase"] = SoakNames.Events,
                    ["StorageAlarmThreshold"] = (AllocatedGiB * GiB / 10).ToString(CultureInfo.InvariantCulture),
                },
            },
            Clock = new LabClock(TimeProvider.System, Compression),
            Seed = options.Seed,
        }, cancellation));
        Person = new LabClients(Account.Endpoint.Uri, LabClients.Anybody, inputs.Region);
        Behind = new LabClients(moto.Uri, LabClients.Anybody, inputs.Region);
        foreach (var instance in instances) await RegisterAsync(instance, cancellation);
        await LoadAsync(databases[SoakNames.Events].Instance, cancellation);
        await RememberAsync(databases[SoakNames.Orders], cancellation);
        Functions = parts.Own(await SoakFunctions.StartAsync(Account, options.Executable, inputs, cancellation));
        Account.Connect(Functions);
    }

    private static IEnumerable<LabInstanceOptions> Different(LabInstanceOptions common)
    {
        var (connections, snapshots) = (("automation:connections", SoakNames.ConnectionsPolicy), ("automation:snapshots", SoakNames.SnapshotsPolicy));
        yield return common with { Id = SoakNames.Orders, Tags = Tags(connections, snapshots) };
        yield return common with { Id = SoakNames.Billing, Tags = Tags(connections, snapshots) };
        yield return common with
        {
            Id = SoakNames.Events,
            Tags = Tags(("automation:storage", SoakNames.StoragePolicy)),
            Volume = new LabVolumeOptions { AllocatedGiB = AllocatedGiB },
            LogicalReplication = true,
        };
        yield return common with
        {
            Id = SoakNames.Trial,
            Tags = Tags(("automation:failover-test", SoakNames.FailoverPolicy), ("environment", "staging")), // the template's STAGING_TAG
            MultiAz = new MultiAz(),
            Proxy = true,
        };
    }

    private async Task RegisterAsync(LabInstance instance, CancellationToken cancellation)
    {
        // As old as what CloudWatch is told of it.
        var registered = await Account.RegisterAsync(instance, instance.Volume is null
            ? instance.Registration
            : instance.Registration with { CreatedAt = TimeProvider.System.GetUtcNow() - Past }, cancellation);
        if (instance.Proxy is not null) await Account.RegisterProxyAsync($"{instance.Id}-proxy", instance, cancellation);
        foreach (var metric in instance.Metrics) Account.Metrics.Add(metric);
        var secret = await Person.SecretsManager.CreateSecretAsync(new CreateSecretRequest
        {
            Name = $"soak/{instance.Id}",
            SecretString = JsonSerializer.Serialize(new Dictionary<string, object>
            {
                ["engine"] = "postgres",
                ["host"] = instance.Registration.Endpoint.Host,
                ["port"] = instance.Registration.Endpoint.Port,
                ["dbname"] = "postgres",
                ["username"] = SoakDatabase.Role,
                ["password"] = await CreateLoginAsync(instance, SoakDatabase.Role, cancellation),
                ["dbInstanceIdentifier"] = instance.Id,
            }),
            Tags = [new Tag { Key = "automation:rotation", Value = "allow" }],
        }, cancellation);
        canaries.Add(new Canary($"the master password of {instance.Id}", instance.Server.MasterPassword, NotIn: SoakTexts.ServerLogs));
        databases[instance.Id] = new SoakDatabase(instance, registered, secret.ARN);
    }

    /// <summary>A role, whose password is looked for afterwards; the server's own log has it, because it is set in plain words.</summary>
    public async Task<string> CreateLoginAsync(LabInstance instance, string role, CancellationToken cancellation)
    {
        var password = await instance.CreateLoginAsync(role, cancellation);
        canaries.Add(new Canary($"the password of {instance.Id}/{role}, as the lab set it", password, NotIn: SoakTexts.ServerLogs));
        return password;
    }

    /// <summary>Most of an hour's budget is used up: the rest is within reach of two alarms, and no multiple of what one may end.</summary>
    private async Task RememberAsync(SoakDatabase database, CancellationToken cancellation)
    {
        foreach (var (ended, item) in EarlierSessions.Of(database.Id, database.Registered.ResourceId, EndedBefore, TimeProvider.System.GetUtcNow()))
        {
            await Behind.DynamoDB.PutItemAsync(LedgerTable, item, cancellation);
            earlier.Add(ended);
        }
    }

    private async Task LoadAsync(LabInstance instance, CancellationToken cancellation)
    {
        await instance.Server.ExecuteAsync($"CREATE TABLE {GrowingTable} (id bigint)", cancellation);
        await instance.Volume!.ExtendRelationAsync(GrowingTable, LoadedGiB * GiB, cancellation);
        var (now, free) = (TimeProvider.System.GetUtcNow(), instance.Volume.FreeBytes);
        double Free(DateTimeOffset at) => free + ((now - at).TotalDays * GrowsPerDayGiB * GiB);
        await Account.History.PutFreeStorageAsync(instance.Id, now.AddHours(-2), Past - TimeSpan.FromHours(2.5), at => Free(at), cancellation);
        await Account.History.PutFreeStorageAsync(instance.Id, now, TimeSpan.FromHours(2), at => Free(at), cancellation, TimeSpan.FromMinutes(1));
    }

    private static Dictionary<string, string> Tags(params (string Key, string Value)[] tags) => tags.ToDictionary(tag => tag.Key, tag => tag.Value);
}
