using System.Text;
using System.Text.Json;
using Amazon.Lambda.Core;
using Automation.Database;
using Automation.Fleet;
using Automation.Lab;
using Automation.Lab.Account;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;
using Automation.Secrets;
using Automation.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Automation.LabTests.Secrets;

/// <summary>
/// One execution environment of the function, composed as <see cref="Startup"/> does and with the seams of
/// <see cref="RotationOptions"/>. What it keeps in memory between invocations (<see cref="VersionMemory"/>,
/// <see cref="RotationRecords"/>) ends with it.
/// </summary>
internal sealed class RotationProcess : IDisposable
{
    private readonly RotationOptions options;
    private readonly RotationOutput output;
    private readonly ServiceProvider services;

    public RotationProcess(RotationFixture fixture, string table, RotationClients aws, RotationOptions options, RotationOutput output)
    {
        (this.options, this.output) = (options, output);
        var settings = new Settings
        {
            Mode = options.Mode,
            TagPrefix = "automation",
            NotificationTopicArn = fixture.Topic,
            LedgerTableName = table,
            StagingTag = new StagingTag("environment", "staging"),
            DatabaseUser = LabInstance.AutomationUser,
            CaBundlePath = null,
        };
        var all = new ServiceCollection();
        Startup.AddRotation(all);
        all.AddSingleton(settings);
        all.AddSingleton(options.Time);
        // Made elsewhere, and so not disposed with this.
        all.AddSingleton(aws.SecretsManager);
        all.AddSingleton(aws.Rds);
        all.AddSingleton(aws.DynamoDB);
        all.AddSingleton(aws.Sns);
        all.AddSingleton(fixture.Roots);
        all.AddSingleton(new IamLogin(settings.DatabaseUser, new IamTokens(RotationFixture.Credentials, RotationFixture.Region, TimeProvider.System)));
        all.AddSingleton<ILedger>(_ => options.Ledger(new DynamoLedger(aws.DynamoDB, settings.LedgerTableName, options.Time)));
        all.AddSingleton<ISecretStore>(_ => new VersionMemory(options.Store(new AwsSecretStore(aws.SecretsManager)), options.Time));
        all.AddSingleton<ISecretTargets>(_ => options.Targets(new RdsSecretTargets(aws.Rds)));
        all.AddSingleton<IRoleLogins>(_ => options.Logins(new RoleLogins(fixture.Roots, TimeProvider.System)));
        all.AddSingleton<INotifier, Notifier>();
        all.AddSingleton<ToldOnce>();
        all.AddSingleton(new TelemetryWriter(output, options.Time));
        all.AddSingleton<FunctionRun>();
        services = all.BuildServiceProvider();
    }

    /// <summary>One invocation through the function's entry point; its error is an answer.</summary>
    public async Task<FunctionAnswer> InvokeAsync(string payload)
    {
        try
        {
            using var input = JsonDocument.Parse(payload);
            var result = await new Functions(services).RotateSecret(input.RootElement, new Context(options, output));
            return new FunctionAnswer { Succeeded = true, Payload = JsonSerializer.SerializeToUtf8Bytes(result, OutcomesJson.Default.FunctionResult) };
        }
        catch (Exception e)
        {
            output.Write(Encoding.UTF8.GetBytes(e + "\n"));
            return new FunctionAnswer { Succeeded = false, ErrorType = e.GetType().Name, ErrorMessage = e.Message };
        }
    }

    public void Dispose() => services.Dispose();

    private sealed class Context(RotationOptions options, RotationOutput output) : ILambdaContext
    {
        private readonly long started = options.Time.GetTimestamp();

        public string AwsRequestId { get; } = Guid.NewGuid().ToString();
        public IClientContext ClientContext => null!;
        public string FunctionName => "RotateSecret";
        public string FunctionVersion => "$LATEST";
        public ICognitoIdentity Identity => null!;
        public string InvokedFunctionArn => "";
        public ILambdaLogger Logger => output;
        public string LogGroupName => "";
        public string LogStreamName => "";
        public int MemoryLimitInMB => 512;
        public TimeSpan RemainingTime => options.FunctionLimit - options.Time.GetElapsedTime(started);
    }
}
