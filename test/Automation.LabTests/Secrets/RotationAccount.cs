using System.Collections.Concurrent;
using System.Text.Json;
using Amazon.SecretsManager.Model;
using Automation.Lab.Account;
using Automation.Lab.Secrets;
using Automation.LabTests.Ledger;
using Automation.Secrets;

namespace Automation.LabTests.Secrets;

/// <summary>
/// An AWS account of one test: an endpoint of its own (faults, hooks, record of calls) with Secrets Manager as AWS has it,
/// and the processes of the function.
/// </summary>
internal sealed class RotationAccount : IAsyncDisposable
{
    private readonly RotationFixture fixture;
    private readonly SecretsService service;
    private readonly NotificationInbox inbox = new();
    private readonly ConcurrentBag<RotationProcess> processes = [];
    private readonly ConcurrentDictionary<(int Retries, TimeSpan Limit), RotationClients> clients = [];

    private readonly bool isGuest;

    private RotationAccount(RotationFixture fixture, LabEndpoint endpoint, string table, RotationAccount? host)
    {
        Table = table;
        (this.fixture, Endpoint, isGuest) = (fixture, endpoint, host is not null);
        service = host?.service ?? new SecretsService(new SecretsServiceOptions { Moto = fixture.Moto, Time = TimeProvider.System });
        service.Install(endpoint);
        endpoint.After("sns", "Publish", inbox.KeepAsync);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public LabEndpoint Endpoint { get; }

    public RotationFixture Fixture => fixture;

    /// <summary>The ledger. moto copies whole tables for every transaction: one for all tests would be slower with each of them.</summary>
    public string Table { get; }

    /// <summary>Pending versions without a value, rotations driven as the service does, and how they ended.</summary>
    public SecretRotations Rotations => service.Rotations;

    public IReadOnlyList<Notification> Told => inbox.Received.Entries;

    /// <summary>What all processes wrote.</summary>
    public RotationOutput Output { get; } = new();

    public static async Task<RotationAccount> StartAsync(RotationFixture fixture) =>
        new(fixture, await LabEndpoint.StartAsync(fixture.Moto, TimeProvider.System, new Random(1), Cancellation),
            await LedgerTable.CreateAsync(fixture.Aws.DynamoDB, Cancellation), null);

    /// <summary>Another way into the same account, with calls and faults of its own; disposed before it.</summary>
    public async Task<RotationAccount> BesideAsync() =>
        new(fixture, await LabEndpoint.StartAsync(fixture.Moto, TimeProvider.System, new Random(1), Cancellation), Table, this);

    /// <summary>A new execution environment, which remembers nothing.</summary>
    public RotationProcess NewProcess(RotationOptions? options = null)
    {
        options ??= new RotationOptions();
        var aws = clients.GetOrAdd((options.AwsRetries, options.AwsCallLimit), key => new RotationClients(Endpoint.Uri, key.Retries, key.Limit));
        var process = new RotationProcess(fixture, Table, aws, options, Output);
        processes.Add(process);
        return process;
    }

    /// <summary>One warm process for every step.</summary>
    public InvokeRotation Warm(RotationOptions? options = null)
    {
        var process = NewProcess(options);
        return (payload, _) => process.InvokeAsync(payload);
    }

    /// <summary>A new process for each step.</summary>
    public InvokeRotation Cold(RotationOptions? options = null) => (payload, _) => NewProcess(options).InvokeAsync(payload);

    /// <summary>Rotates as the service does: opens the version, drives the steps, takes the pending label away at the end.</summary>
    public Task<RotationRun> RotateAsync(RotationSecret secret, InvokeRotation invoke, string? token = null) =>
        Rotations.RotateAsync(secret.Arn, token ?? RotationSecret.NewToken(), invoke, Cancellation);

    /// <summary>Drives the steps of a version that is open, whatever became of its labels.</summary>
    public static Task<RotationRun> DriveAsync(RotationSecret secret, string token, InvokeRotation invoke, int attempts = 1) =>
        new RotationDriver(TimeProvider.System, attempts, TimeSpan.Zero).RotateAsync(Request(secret, token), invoke, Cancellation);

    /// <summary>One step: <c>createSecret</c>, <c>setSecret</c>, <c>testSecret</c>, <c>finishSecret</c>.</summary>
    public static Task<FunctionAnswer> StepAsync(RotationSecret secret, string token, string step, InvokeRotation invoke) =>
        invoke(RotationDriver.Payload(Request(secret, token), step), Cancellation);

    /// <summary>A recovery by hand.</summary>
    public Task<FunctionAnswer> RecoverAsync(RotationSecret secret, string mode, RotationOptions? options = null) =>
        NewProcess(options).InvokeAsync(JsonSerializer.Serialize(new { detail = new { secret = secret.Arn, mode } }));

    /// <summary>Labels by version, as AWS shows them.</summary>
    public async Task<Dictionary<string, List<string>>> LabelsAsync(RotationSecret secret) =>
        (await fixture.Aws.SecretsManager.DescribeSecretAsync(new() { SecretId = secret.Arn }, Cancellation)).VersionIdsToStages
        .Where(version => version.Value.Count > 0).ToDictionary(version => version.Key, version => version.Value);

    /// <summary>The version that carries a label.</summary>
    public async Task<string?> VersionAsync(RotationSecret secret, string label) =>
        (await LabelsAsync(secret)).SingleOrDefault(version => version.Value.Contains(label)).Key;

    /// <summary>Every version, with and without labels.</summary>
    public async Task<IReadOnlyList<string>> VersionsAsync(RotationSecret secret) =>
        [.. (await fixture.Aws.SecretsManager.ListSecretVersionIdsAsync(new() { SecretId = secret.Arn, IncludeDeprecated = true }, Cancellation))
            .Versions.Select(version => version.VersionId)];

    /// <summary>The value of a version; <c>null</c> where there is none.</summary>
    public async Task<SecretDocument?> ValueAsync(RotationSecret secret, string version)
    {
        try
        {
            var value = await fixture.Aws.SecretsManager.GetSecretValueAsync(new() { SecretId = secret.Arn, VersionId = version }, Cancellation);
            return SecretDocument.Read(value.SecretString, out var fault) ?? throw new InvalidOperationException($"{fault!.Field}: {fault.Expected}");
        }
        catch (ResourceNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether a fresh login with a version's value gets in.</summary>
    public async Task<bool> LogsInAsync(RotationSecret secret, string version) =>
        await ValueAsync(secret, version) is { } value && await fixture.LogInAsync(value.Username, value.Password.Value) is not null;

    public async ValueTask DisposeAsync()
    {
        if (!isGuest)
        {
            await service.DisposeAsync();
            await fixture.Aws.DynamoDB.DeleteTableAsync(Table, CancellationToken.None);
        }
        foreach (var process in processes) process.Dispose();
        foreach (var shared in clients.Values) shared.Dispose();
        await Endpoint.DisposeAsync();
    }

    private static RotationRequest Request(RotationSecret secret, string token) =>
        new() { SecretArn = secret.Arn, Token = token, RotationToken = RotationSecret.NewToken() };
}
