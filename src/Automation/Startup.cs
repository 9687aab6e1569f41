using Amazon;
using Amazon.CloudWatch;
using Amazon.DynamoDBv2;
using Amazon.KeyManagementService;
using Amazon.Lambda.Annotations;
using Amazon.RDS;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;
using Amazon.SecretsManager;
using Amazon.SimpleNotificationService;
using Automation.Connections;
using Automation.Database;
using Automation.Failover;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Preparation;
using Automation.Secrets;
using Automation.Snapshots;
using Automation.Storage;
using Automation.Storage.Bytes;
using Automation.Storage.Forecast;
using Automation.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Automation;

/// <summary>The composition root: the only place that chooses the clock, the environment and the clients.</summary>
[LambdaStartup]
public sealed class Startup
{
    /// <summary>An AWS call that hangs must not eat the function's minute.</summary>
    internal static readonly TimeSpan AwsCallLimit = TimeSpan.FromSeconds(3);

    internal const int AwsRetries = 1;

    /// <summary>A page of 100 databases or snapshots takes RDS longer.</summary>
    private static readonly TimeSpan PatientCallLimit = TimeSpan.FromSeconds(10);

    private const int PatientRetries = 5;

    /// <summary>Registers everything; only the settings are read at once, so that a wrong variable stops the start.</summary>
    public void ConfigureServices(IServiceCollection services)
    {
        var settings = Settings.Read(Environment.GetEnvironmentVariable);
#pragma warning disable RS0030 // The one place that may name the clock.
        var time = TimeProvider.System;
#pragma warning restore RS0030
        services.AddSingleton(settings);
        services.AddSingleton(time);
        services.AddSingleton<IAmazonRDS>(_ => new AmazonRDSClient(Configure(new AmazonRDSConfig())));
        services.AddSingleton<IAmazonDynamoDB>(_ => new AmazonDynamoDBClient(Configure(new AmazonDynamoDBConfig())));
        services.AddSingleton<IAmazonSimpleNotificationService>(_ =>
            new AmazonSimpleNotificationServiceClient(Configure(new AmazonSimpleNotificationServiceConfig())));
        services.AddSingleton<IFleet, RdsFleet>();
        services.AddSingleton<ILedger>(provider =>
            new DynamoLedger(provider.GetRequiredService<IAmazonDynamoDB>(), settings.LedgerTableName, time));
        services.AddSingleton<INotifier, Notifier>();
        services.AddSingleton<ToldOnce>();
        services.AddSingleton(_ => new TelemetryWriter(Console.OpenStandardOutput(), time));
        services.AddSingleton(_ =>
            new IamLogin(settings.DatabaseUser, new IamTokens(DefaultAWSCredentialsIdentityResolver.GetCredentials(), Region(), time)));
        services.AddSingleton(_ => settings.CaBundlePath is { } path ? TrustedRoots.FromFile(path, "CA_BUNDLE_PATH") : TrustedRoots.Bundled);
        services.AddSingleton(provider => new RemediationLogin(provider.GetRequiredService<IamLogin>(), provider.GetRequiredService<TrustedRoots>(), time));
        services.AddSingleton<PlanExecution>();
        services.AddSingleton<RelieveConnections>();
        AddRotation(services);
        AddSnapshots(services);
        AddFailover(services, settings);
        AddStorage(services, settings);
        AddPreparation(services);
        services.AddSingleton<FunctionRun>();
    }

    internal static void AddRotation(IServiceCollection services)
    {
        services.AddSingleton<IAmazonSecretsManager>(_ => new AmazonSecretsManagerClient(Configure(new AmazonSecretsManagerConfig())));
        services.AddSingleton<ISecretStore>(provider => new VersionMemory(
            new AwsSecretStore(provider.GetRequiredService<IAmazonSecretsManager>()), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ISecretTargets, RdsSecretTargets>();
        services.AddSingleton<IRoleLogins, RoleLogins>();
        services.AddSingleton<RotationLogins>();
        services.AddSingleton<RotationLoading>();
        services.AddSingleton<RotationRecords>();
        services.AddSingleton<Preflight>();
        services.AddSingleton<ProxyCheck>();
        services.AddSingleton<VersionTrials>();
        services.AddSingleton<CurrentLabel>();
        services.AddSingleton<CreateStep>();
        services.AddSingleton<SetStep>();
        services.AddSingleton<TestStep>();
        services.AddSingleton<FinishStep>();
        services.AddSingleton<RecoverStep>();
        services.AddSingleton<RotateSecret>();
    }

    internal static void AddSnapshots(IServiceCollection services)
    {
        services.AddSingleton<IRdsRegions>(_ => new RdsRegions(Region(), region => new AmazonRDSClient(Patient(new AmazonRDSConfig(), region))));
        services.AddSingleton<IDatabaseInventory, RdsInventory>();
        services.AddSingleton<ISnapshotStores, RdsSnapshotStores>();
        services.AddSingleton<ISnapshotKeys>(_ => new KmsSnapshotKeys(
            Region(), region => new AmazonKeyManagementServiceClient(Patient(new AmazonKeyManagementServiceConfig(), region))));
        services.AddSingleton<ISnapshotQuotas, RdsSnapshotQuotas>();
        services.AddSingleton<SnapshotActions>();
        services.AddSingleton<SnapshotLoading>();
        services.AddSingleton<ReconcileExecution>();
        services.AddSingleton<DailyNews>();
        services.AddSingleton<FleetReport>();
        services.AddSingleton<TakeSnapshots>();
        services.AddSingleton<ReconcileSnapshots>();
    }

    internal static void AddFailover(IServiceCollection services, Settings settings)
    {
        services.AddSingleton<IAmazonCloudWatch>(_ => new AmazonCloudWatchClient(Configure(new AmazonCloudWatchConfig())));
        services.AddSingleton<IFailoverControl>(provider => new RdsFailoverControl(PatientRds(provider), new SingleSendRdsClient(ForTheCall())));
        services.AddSingleton<IFailoverHealth, CloudWatchHealth>();
        services.AddSingleton<IDatabaseProxies>(provider => new RdsDatabaseProxies(PatientRds(provider)));
        services.AddSingleton(provider => new WriterAccess(
            provider.GetRequiredService<IamLogin>(), provider.GetRequiredService<TrustedRoots>(), provider.GetRequiredService<TimeProvider>()));
        if (settings.ReportBucket is { } bucket)
        {
            services.AddSingleton<IAmazonS3>(_ => new AmazonS3Client(ForReports()));
            services.AddSingleton<IReportStore>(provider => new S3ReportStore(provider.GetRequiredService<IAmazonS3>(), bucket));
        }
        else
        {
            services.AddSingleton<IReportStore, NoReportStore>();
        }
        services.AddSingleton<ProbeTimes>();
        services.AddSingleton<FailoverLoading>();
        services.AddSingleton<FailoverCall>();
        services.AddSingleton<FailoverTest>();
        services.AddSingleton<FailoverResults>();
        services.AddSingleton<TestFailover>();
    }

    internal static void AddStorage(IServiceCollection services, Settings settings)
    {
        services.AddSingleton<IVolumes>(provider => new RdsVolumes(PatientRds(provider), new SingleSendRdsClient(ForTheCall())));
        services.AddSingleton<IStorageMetrics>(_ => new CloudWatchStorageMetrics(new AmazonCloudWatchClient(Patient(new AmazonCloudWatchConfig(), Region()))));
        services.AddSingleton<IStorageEvents>(provider => new RdsStorageEvents(PatientRds(provider)));
        services.AddSingleton<StorageHistory>();
        services.AddSingleton<IStorageAlarms>(_ => new CloudWatchStorageAlarms(new AmazonCloudWatchClient(Patient(new AmazonCloudWatchConfig(), Region()))));
        services.AddSingleton<IMemory>(provider => new DynamoMemory(provider.GetRequiredService<IAmazonDynamoDB>(), settings.LedgerTableName));
        services.AddSingleton(provider => new StorageAccess(
            provider.GetRequiredService<IDatabaseProxies>(), provider.GetRequiredService<IamLogin>(), provider.GetRequiredService<TrustedRoots>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ByteTableReader>();
        services.AddSingleton<Diagnosing>();
        services.AddSingleton<StorageLoading>();
        services.AddSingleton<VolumeGrowth>();
        services.AddSingleton<GrowStorage>();
        services.AddSingleton<LookAgain>();
        services.AddSingleton<ForecastStorage>();
    }

    internal static void AddPreparation(IServiceCollection services)
    {
        services.AddSingleton<IMasterSecrets, AwsMasterSecrets>();
        services.AddSingleton(provider => new PreparationAccess(
            provider.GetRequiredService<IamLogin>(), provider.GetRequiredService<TrustedRoots>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PrepareDatabase>();
    }

    private static IAmazonRDS PatientRds(IServiceProvider provider)
    {
        var regions = provider.GetRequiredService<IRdsRegions>();
        return regions.In(regions.Home);
    }

    private static AmazonRDSConfig ForTheCall()
    {
        var config = Configure(new AmazonRDSConfig());
        config.Timeout = PatientCallLimit;
        return config;
    }

    private static AmazonS3Config ForReports()
    {
        var config = Configure(new AmazonS3Config());
        // A page is bigger than what the other calls send.
        config.Timeout = PatientCallLimit;
        // With AWS_ENDPOINT_URL the bucket cannot be a part of the host's name. Another configuration is asked for it: one whose
        // ServiceURL was read before its client is made forgets the variable and goes to AWS (AWSSDK.S3 4.0.102.2).
        config.ForcePathStyle = new AmazonS3Config().ServiceURL is not null;
        return config;
    }

    private static T Configure<T>(T config)
        where T : ClientConfig
    {
        config.Timeout = AwsCallLimit;
        config.MaxErrorRetry = AwsRetries;
        // With AWS_ENDPOINT_URL the SDK would guess the Region from the URL, by regular expressions it compiles at run time.
        config.AuthenticationRegion = Region();
        return config;
    }

    /// <summary>
    /// For work on a whole fleet, in any Region. The SDK's standard retries, each waiting up to twice as long as the one before:
    /// its adaptive mode lowers the rate after a few throttled calls so far that it gives up without calling at all.
    /// </summary>
    private static T Patient<T>(T config, string region)
        where T : ClientConfig
    {
        config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        // With AWS_ENDPOINT_URL all Regions are at one address, and only the signature tells them apart.
        config.AuthenticationRegion = region;
        config.RetryMode = RequestRetryMode.Standard;
        config.MaxErrorRetry = PatientRetries;
        config.Timeout = PatientCallLimit;
        return config;
    }

    private static string Region() => FallbackRegionFactory.GetRegionEndpoint()?.SystemName
        ?? throw new InvalidSettingException("AWS_REGION", "a Region such as eu-central-1", "nothing");
}
