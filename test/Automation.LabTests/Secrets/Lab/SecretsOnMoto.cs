using System.Text.Json;
using Amazon.SecretsManager;
using Amazon.SecretsManager.Model;
using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Lab.Secrets;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Secrets.Lab;

/// <summary>A Secrets Manager of one test, with a function behind <see cref="FunctionArn"/>.</summary>
internal sealed class SecretsOnMoto : IAsyncDisposable
{
    public const string FunctionArn = "arn:aws:lambda:eu-central-2:123456789012:function:rotate";

    private const string Region = "eu-central-2";
    private static int secrets;
    private readonly LabEndpoint endpoint;
    private readonly LabClients clients;
    private readonly SecretsService service;

    private SecretsOnMoto(LabEndpoint endpoint, SecretsService service)
    {
        this.endpoint = endpoint;
        this.service = service;
        service.Install(endpoint);
        clients = new LabClients(endpoint.Uri, LabClients.Anybody, Region);
    }

    public IAmazonSecretsManager Client => clients.SecretsManager;

    public LabEndpoint Endpoint => endpoint;

    public SecretRotations Rotations => service.Rotations;

    public Journal<JsonElement> Events { get; private init; } = new();

    public IEnumerable<string?> EventNames => Events.Entries.Select(e => e.GetProperty("detail").GetProperty("eventName").GetString());

    public static async Task<SecretsOnMoto> StartAsync(MotoFixture moto, Func<SecretsOnMoto, InvokeRotation>? function = null, int attempts = 3)
    {
        var endpoint = await LabEndpoint.StartAsync(moto.Server.Uri, TimeProvider.System, new Random(1), TestContext.Current.CancellationToken);
        var events = new Journal<JsonElement>();
        SecretsOnMoto? started = null;
        var service = new SecretsService(new SecretsServiceOptions
        {
            Moto = moto.Server.Uri,
            Find = (arn, _) => arn == FunctionArn ? function?.Invoke(started!) : null,
            OnEvent = events.Add,
            Attempts = attempts,
            Time = TimeProvider.System,
        });
        return started = new SecretsOnMoto(endpoint, service) { Events = events };
    }

    /// <summary>A token as Secrets Manager makes them, readable in a failure.</summary>
    public static string Token(string what) => what.PadRight(32, '-');

    /// <summary>A secret with one version: its ARN and the version's id.</summary>
    public async Task<(string Arn, string Version)> CreateAsync(string value = "old")
    {
        var created = await Client.CreateSecretAsync(
            new CreateSecretRequest { Name = $"lab/rotation-{Interlocked.Increment(ref secrets)}", SecretString = value }, TestContext.Current.CancellationToken);
        return (created.ARN, created.VersionId);
    }

    public Task<PutSecretValueResponse> PutAsync(string secret, string? token, string value, params string[] stages) =>
        Client.PutSecretValueAsync(new PutSecretValueRequest
        {
            SecretId = secret,
            ClientRequestToken = token,
            SecretString = value,
            VersionStages = stages.Length == 0 ? null : [.. stages],
        }, TestContext.Current.CancellationToken);

    public async Task<string> ValueAsync(string secret, string? version = null, string? stage = null) =>
        (await Client.GetSecretValueAsync(
            new GetSecretValueRequest { SecretId = secret, VersionId = version, VersionStage = stage }, TestContext.Current.CancellationToken)).SecretString;

    public Task MoveAsync(string secret, string stage, string? from, string? to) =>
        Client.UpdateSecretVersionStageAsync(new UpdateSecretVersionStageRequest
        {
            SecretId = secret,
            VersionStage = stage,
            RemoveFromVersionId = from,
            MoveToVersionId = to,
        }, TestContext.Current.CancellationToken);

    public Task<DescribeSecretResponse> DescribeAsync(string secret) =>
        Client.DescribeSecretAsync(new DescribeSecretRequest { SecretId = secret }, TestContext.Current.CancellationToken);

    /// <summary>Versions with their labels, each as <c>version LABEL+LABEL</c>, in order.</summary>
    public async Task<IEnumerable<string>> LabelsAsync(string secret) =>
        (await DescribeAsync(secret)).VersionIdsToStages.Select(v => $"{v.Key} {string.Join('+', v.Value.Order())}").Order();

    public Task<RotateSecretResponse> RotateAsync(string secret, string? token, bool immediately = true) =>
        Client.RotateSecretAsync(new RotateSecretRequest
        {
            SecretId = secret,
            ClientRequestToken = token,
            RotationLambdaARN = FunctionArn,
            RotationRules = new RotationRulesType { AutomaticallyAfterDays = 30 },
            RotateImmediately = immediately,
        }, TestContext.Current.CancellationToken);

    /// <summary>The end of the rotation of this version.</summary>
    public async Task<RotationRun> EndAsync(string token)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        return await Rotations.Runs.FirstAsync(run => run.Token == token, deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        clients.Dispose();
        await service.DisposeAsync();
        await endpoint.DisposeAsync();
    }
}
