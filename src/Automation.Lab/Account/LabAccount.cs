using System.Text;
using System.Text.Json;
using Automation.Lab.Aws;
using Automation.Lab.Failover;
using Automation.Lab.Lambda;
using Automation.Lab.Secrets;
using Automation.Lab.Snapshots;
using Automation.Lab.Storage;
using Automation.Lab.Template;

namespace Automation.Lab.Account;

/// <summary>
/// An AWS account on one machine: the API in front of moto, the template's tables, buckets, topics, alarms and rules, databases
/// that are shown where they really listen, and what people were told.
/// </summary>
/// <remarks>
/// Order: <see cref="StartAsync"/>, register databases, <see cref="Connect"/> the functions, add metrics,
/// <see cref="WatchAsync"/>.
/// </remarks>
internal sealed class LabAccount : IAsyncDisposable
{
    private readonly LabAccountOptions options;
    private readonly LabClients clients;
    private readonly Provisioning provisioning;
    private readonly NotificationInbox inbox = new();
    private readonly CancellationTokenSource ending = new();
    private readonly SecretsService secrets;
    private readonly TopicPublisher publisher;
    private IFunctionInvoker? functions;
    private EventBus? bus;
    private Task[] loops = [];

    private LabAccount(LabAccountOptions options, SamTemplate template, LabEndpoint endpoint)
    {
        this.options = options;
        Template = template;
        Endpoint = endpoint;
        // The lab's own calls go to moto itself: faults and the record of calls are for the application.
        clients = new LabClients(options.Moto, LabClients.Anybody, options.Inputs.Region);
        provisioning = new Provisioning(
            clients, new DefaultSubnets(options.Moto, options.Inputs.Region), new Buckets(options.Moto, options.Inputs.Region));
        Metrics = new MetricSampler(clients.CloudWatch, options.Clock);
        Alarms = new AlarmMonitor(clients.CloudWatch, options.Clock, Announce);
        publisher = new TopicPublisher(endpoint.Uri, options.Inputs.Region);
        secrets = new SecretsService(new SecretsServiceOptions
        {
            Moto = options.Moto,
            Find = RotationFunction,
            OnEvent = @event => bus?.Put(@event),
            Attempts = options.RotationAttempts,
            Pause = options.Clock.Shorten(options.RotationPause),
            Time = options.Clock.Time,
        });
        Keys = new LabKeys(options.Moto);
        Snapshots = new SnapshotsService(new SnapshotsServiceOptions
        {
            Moto = options.Moto,
            Keys = Keys,
            Region = options.Inputs.Region,
            OnEvent = PutOfThisRegion,
            Time = options.Clock.Time,
        });
        Failovers = new FailoversService(new FailoversServiceOptions
        {
            Moto = options.Moto,
            Databases = Databases,
            Region = options.Inputs.Region,
            OnEvent = PutOfThisRegion,
            Time = options.Clock.Time,
        });
        Volumes = new VolumesService(new VolumesServiceOptions
        {
            Moto = options.Moto,
            Failovers = Failovers,
            Region = options.Inputs.Region,
            Clock = options.Clock,
        });
        History = new MetricHistory(clients.CloudWatch);
    }

    public SamTemplate Template { get; }

    /// <summary>The AWS API as the functions see it, with its faults, hooks and record of calls.</summary>
    public LabEndpoint Endpoint { get; }

    /// <summary>Where databases listen; a failover moves them here.</summary>
    public DatabaseDirectory Databases { get; } = new();

    /// <summary>What subscribers of the topics received, from functions, event rules and alarms.</summary>
    public Journal<Notification> Notifications => inbox.Received;

    /// <summary>Real values on their way into CloudWatch.</summary>
    public MetricSampler Metrics { get; }

    /// <summary>The template's alarms.</summary>
    public AlarmMonitor Alarms { get; }

    /// <summary>Rotations of secrets, started through the API.</summary>
    public SecretRotations Rotations => secrets.Rotations;

    /// <summary>Snapshots asked for through the API, in every Region.</summary>
    public SnapshotsService Snapshots { get; }

    /// <summary>Failovers asked for through the API, what RDS tells of them, and pending maintenance.</summary>
    public FailoversService Failovers { get; }

    /// <summary>Storage of instances with a volume: changes asked for through the API, and what RDS tells of a full one.</summary>
    public VolumesService Volumes { get; }

    /// <summary>Metrics of days that this account has not seen.</summary>
    public MetricHistory History { get; }

    /// <summary>KMS keys, in every Region.</summary>
    public LabKeys Keys { get; }

    /// <summary>Events, deliveries and dead letters.</summary>
    /// <exception cref="InvalidOperationException"><see cref="Connect"/> was not called yet.</exception>
    public EventBus Bus => bus ?? throw new InvalidOperationException("no functions are connected to the account yet");

    /// <summary>Whether <see cref="WatchAsync"/> was called.</summary>
    public bool IsWatched => loops.Length > 0;

    /// <summary>Sampling and evaluating alarms: fails as soon as one of them does, and is cancelled by disposing.</summary>
    public Task Watching { get; private set; } = Task.CompletedTask;

    /// <summary>Reads the template, starts the endpoint, creates tables, buckets and topics.</summary>
    /// <exception cref="TemplateException">The template cannot be followed; names the place.</exception>
    public static async Task<LabAccount> StartAsync(LabAccountOptions options, CancellationToken cancellation)
    {
        var template = SamTemplate.Read(options.Template, options.Inputs);
        var endpoint = await LabEndpoint.StartAsync(options.Moto, options.Clock.Time, new Random(options.Seed), cancellation);
        var account = new LabAccount(options, template, endpoint);
        try
        {
            endpoint.After("rds", null, account.Databases.RewriteAsync);
            endpoint.Before("sns", "Publish", NotificationInbox.ValidateAsync);
            endpoint.After("sns", "Publish", account.inbox.KeepAsync);
            account.secrets.Install(endpoint);
            account.Keys.Install(endpoint);
            account.Snapshots.Install(endpoint);
            account.Failovers.Install(endpoint);
            account.Volumes.Install(endpoint);
            await account.provisioning.CreateAsync(template, cancellation);
            return account;
        }
        catch
        {
            await account.DisposeAsync();
            throw;
        }
    }

    /// <summary>Shows an instance in the RDS API.</summary>
    public async Task<RegisteredDatabase> RegisterAsync(LabDatabase database, CancellationToken cancellation)
    {
        Databases.SetInstance(database.Id, database.Endpoint);
        if (database.CreatedAt is { } at) Databases.SetCreated(DatabaseDirectory.InstanceResourceId(database.Id), at);
        return await provisioning.CreateAsync(database, null, cancellation);
    }

    /// <summary>Shows an instance in the RDS API; its snapshots are base backups of its server, and it can fail over.</summary>
    public Task<RegisteredDatabase> RegisterAsync(LabInstance instance, CancellationToken cancellation) =>
        RegisterAsync(instance, instance.Registration, cancellation);

    /// <inheritdoc cref="RegisterAsync(LabInstance, CancellationToken)"/>
    /// <param name="instance">Its servers.</param>
    /// <param name="registration">As what it is shown: under another name it has no history.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<RegisteredDatabase> RegisterAsync(LabInstance instance, LabDatabase registration, CancellationToken cancellation)
    {
        Snapshots.SetServer(registration.Id, instance.Server);
        Failovers.SetInstance(registration.Id, instance, server => Snapshots.SetServer(registration.Id, server));
        Volumes.SetInstance(registration.Id, instance);
        return RegisterAsync(registration, cancellation);
    }

    /// <summary>Shows a cluster and its members in the RDS API; it can fail over.</summary>
    /// <returns>The cluster first, then its members.</returns>
    public Task<IReadOnlyList<RegisteredDatabase>> RegisterAsync(LabAuroraCluster cluster, CancellationToken cancellation)
    {
        Failovers.SetCluster(cluster);
        return RegisterAsync(cluster.Registration, cancellation);
    }

    /// <summary>Shows an instance's RDS Proxy in the RDS API.</summary>
    /// <exception cref="InvalidOperationException">It has none, or the instance is not registered.</exception>
    public Task RegisterProxyAsync(string name, LabInstance instance, CancellationToken cancellation) =>
        RegisterProxyAsync(name, instance, instance.Id, cancellation);

    /// <inheritdoc cref="RegisterProxyAsync(string, LabInstance, CancellationToken)"/>
    /// <param name="name">The proxy's.</param>
    /// <param name="instance">Its servers.</param>
    /// <param name="id">As what it is registered.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task RegisterProxyAsync(string name, LabInstance instance, string id, CancellationToken cancellation) =>
        RegisterProxyAsync(name, id, instance.Proxy, isCluster: false, cancellation);

    /// <summary>Shows a cluster's RDS Proxy in the RDS API.</summary>
    /// <exception cref="InvalidOperationException">It has none, or the cluster is not registered.</exception>
    public Task RegisterProxyAsync(string name, LabAuroraCluster cluster, CancellationToken cancellation) =>
        RegisterProxyAsync(name, cluster.Id, cluster.Proxy, isCluster: true, cancellation);

    /// <summary>Shows a cluster and its members in the RDS API.</summary>
    /// <returns>The cluster first, then its members.</returns>
    public async Task<IReadOnlyList<RegisteredDatabase>> RegisterAsync(LabCluster cluster, CancellationToken cancellation)
    {
        if (cluster.CreatedAt is { } at) Databases.SetCreated(DatabaseDirectory.ClusterResourceId(cluster.Id), at);
        Databases.SetCluster(cluster.Id, cluster.Endpoint, cluster.ReaderEndpoint, cluster.Members[0].Id);
        var registered = new List<RegisteredDatabase> { await provisioning.CreateAsync(cluster, cancellation) };
        foreach (var member in cluster.Members)
        {
            Databases.SetInstance(member.Id, member.Endpoint);
            if (member.CreatedAt is { } joined) Databases.SetCreated(DatabaseDirectory.InstanceResourceId(member.Id), joined);
            registered.Add(await provisioning.CreateAsync(member with { Engine = "aurora-postgresql" }, cluster.Id, cancellation));
        }
        return registered;
    }

    /// <summary>What the template gives a function, and the way to this account; Region and credentials are for Lambda to add.</summary>
    public IReadOnlyDictionary<string, string> FunctionEnvironment(string functionLogicalId) =>
        new Dictionary<string, string>(Template.Function(functionLogicalId).Environment) { ["AWS_ENDPOINT_URL"] = Endpoint.Uri.AbsoluteUri };

    /// <summary>Gives events a place to go, and reports the functions' errors and the queues' depth as AWS does.</summary>
    public void Connect(IFunctionInvoker invoker)
    {
        if (bus is not null) throw new InvalidOperationException("functions are connected already");
        functions = invoker;
        bus = new EventBus(Template, options.Inputs, invoker, publisher.PublishAsync, options.Clock, new Random(options.Seed));
        foreach (var metric in AutomationMetrics.Of(Template, bus)) Metrics.Add(metric);
        LambdaApi.Install(Endpoint, Template, invoker);
    }

    /// <summary>Creates those of the template's alarms that the lab has metrics for, and from now on samples metrics and evaluates alarms.</summary>
    public async Task WatchAsync(CancellationToken cancellation)
    {
        if (IsWatched || bus is null) throw new InvalidOperationException("watching begins once, after functions are connected");
        var alarms = Template.Alarms.Where(alarm => alarm.IsEvaluated).ToArray();
        await Alarms.CreateAsync(alarms, cancellation);
        loops = [Metrics.RunAsync(options.SampleInterval, ending.Token), .. alarms.Select(alarm => Alarms.RunAsync(alarm, ending.Token))];
        Watching = Task.WhenAny(loops).Unwrap();
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await secrets.DisposeAsync();
        await Snapshots.DisposeAsync();
        await Volumes.DisposeAsync();
        await Failovers.DisposeAsync();
        Keys.Dispose();
        if (bus is not null) await bus.DisposeAsync();
        publisher.Dispose();
        await Endpoint.DisposeAsync();
        clients.Dispose();
        ending.Dispose();
    }

    // The function's resource policy decides, as on AWS: without the template's permission no rotation begins.
    private InvokeRotation? RotationFunction(string functionArn, string secretArn) =>
        functions is { } connected
        && Template.Functions.FirstOrDefault(f => f.Arn == functionArn) is { } function
        && Template.Permissions.Any(p => p.Allows(function, "secretsmanager.amazonaws.com", secretArn))
            ? (payload, cancellation) => connected.InvokeAsync(function.LogicalId, Encoding.UTF8.GetBytes(payload), cancellation)
            : null;

    // The rules of the stack see the events of their own Region: what happens to a copy elsewhere is told there.
    private void PutOfThisRegion(JsonElement @event)
    {
        if (@event.GetProperty("region").GetString() == options.Inputs.Region) bus?.Put(@event);
    }

    private async Task RegisterProxyAsync(string name, string databaseId, LabProxy? proxy, bool isCluster, CancellationToken cancellation)
    {
        Failovers.SetProxy(name, proxy ?? throw new InvalidOperationException($"'{databaseId}' was started without a proxy"), databaseId);
        await provisioning.CreateProxyAsync(name, databaseId, isCluster, cancellation);
    }

    private void Announce(AlarmTransition transition)
    {
        Bus.Put(AlarmEvent.Create(transition.Alarm, transition.Previous, transition.Current, options.Inputs));
        foreach (var message in AlarmMessage.Of(transition, options.Inputs)) Notifications.Add(message);
    }
}
