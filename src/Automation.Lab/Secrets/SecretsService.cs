using Automation.Lab.Account;

namespace Automation.Lab.Secrets;

/// <summary>
/// Secrets Manager as AWS has it where rotations are concerned: moto keeps the values and speaks the protocol, this corrects
/// what moto does otherwise (versions that can be overwritten, labels that go astray, a pending version that has no value
/// yet) and drives rotations.
/// </summary>
internal sealed class SecretsService : IAsyncDisposable
{
    private const string Service = "secretsmanager";
    private readonly Turn turn = new();
    private readonly MotoSecrets moto;
    private readonly SecretReads reads;
    private readonly SecretWrites writes;

    public SecretsService(SecretsServiceOptions options)
    {
        void Announce(string name, string arn, string token, string? error) =>
            options.OnEvent(RotationEvent.Create(name, arn, token, options.Time.GetUtcNow(), error));

        moto = new MotoSecrets(options.Moto);
        var store = new SecretStore(moto, options.Time);
        reads = new SecretReads(moto, store);
        writes = new SecretWrites(moto, store, (arn, token) => Announce(RotationEvent.Abandoned, arn, token, null));
        var driver = new RotationDriver(options.Time, options.Attempts, options.Pause);
        Rotations = new SecretRotations(store, turn, driver, options.Find, Announce, options.Time);
    }

    /// <summary>Rotations underway and ended.</summary>
    public SecretRotations Rotations { get; }

    /// <summary>Answers at the endpoint from now on.</summary>
    public void Install(LabEndpoint endpoint)
    {
        void Serve(string action, Func<AwsCall, Task<AwsAnswer>> answer) =>
            endpoint.Serve(Service, action, (call, _) => new ValueTask<AwsAnswer>(AnswerAsync(call, answer)));

        Serve("GetSecretValue", reads.ValueAsync);
        Serve("DescribeSecret", reads.DescriptionAsync);
        Serve("ListSecretVersionIds", reads.VersionsAsync);
        Serve("PutSecretValue", writes.PutAsync);
        Serve("UpdateSecret", writes.UpdateAsync);
        Serve("UpdateSecretVersionStage", writes.MoveLabelAsync);
        Serve("DeleteSecret", writes.DeleteAsync);
        Serve("RotateSecret", Rotations.RotateAsync);
        Serve("CancelRotateSecret", Rotations.CancelAsync);
    }

    /// <summary>Cancels rotations underway.</summary>
    public async ValueTask DisposeAsync()
    {
        await Rotations.DisposeAsync();
        moto.Dispose();
        turn.Dispose();
    }

    private async Task<AwsAnswer> AnswerAsync(AwsCall call, Func<AwsCall, Task<AwsAnswer>> answer)
    {
        try
        {
            return await turn.TakeAsync(() => answer(call));
        }
        catch (SecretRefusal refusal)
        {
            return refusal.Answer;
        }
    }
}
