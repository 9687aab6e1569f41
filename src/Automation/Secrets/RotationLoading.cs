using Automation.Events;
using Automation.Outcomes;

namespace Automation.Secrets;

/// <summary>What loading a rotation came to.</summary>
internal abstract record Loaded
{
    private Loaded()
    {
    }

    internal sealed record Ready(Rotation Rotation) : Loaded;

    internal sealed record Ended(StepResult Result) : Loaded;
}

/// <summary>Reads labels and values, and checks everything that can be checked before a socket is opened.</summary>
internal sealed class RotationLoading(ISecretStore store)
{
    public async Task<Loaded> LoadAsync(RotationRequest.Step request, CancellationToken cancellation)
    {
        if (await store.DescribeAsync(request.SecretId, cancellation) is not { } secret)
            return Ended(Reasons.SecretNotFound, "there is no such secret, or it is marked as deleted");

        switch (LabelRules.Check(secret, request.Name, request.Token))
        {
            case LabelVerdict.AlreadyCurrent:
                return new Loaded.Ended(new(Decision.NothingToDo, Reasons.AlreadyCurrent, "the version is the current one already"));
            case LabelVerdict.No(var refusal):
                return new Loaded.Ended(StepResult.Stopped(refusal));
            case LabelVerdict.Proceed(var version):
                return await ReadAsync(request, secret, version, cancellation);
            case var other:
                throw new InvalidOperationException($"No case for {other.GetType().Name}.");
        }
    }

    private async Task<Loaded> ReadAsync(RotationRequest.Step request, SecretState secret, string version, CancellationToken cancellation)
    {
        if (await store.ReadAsync(secret.Arn, version, SecretState.Current, cancellation) is not { } text)
            return Ended(Reasons.MalformedSecret, "the current version has no text value");
        if (SecretDocument.Read(text, out var fault) is not { } current) return Malformed("current", fault!);

        SecretDocument? pending = null;
        if (await store.ReadAsync(secret.Arn, request.Token, SecretState.Pending, cancellation) is { Length: > 0 } next)
        {
            pending = SecretDocument.Read(next, out fault);
            if (pending is null) return Malformed("pending", fault!);
        }

        var rotation = new Rotation { Token = request.Token, Secret = secret, CurrentVersion = version, Current = current, Pending = pending };
        var refusal = DocumentRules.Check(current) ?? (pending is null ? null : DocumentRules.CheckPending(current, pending));
        return refusal is null ? new Loaded.Ready(rotation) : new Loaded.Ended(StepResult.Stopped(refusal, rotation));
    }

    private static Loaded.Ended Malformed(string which, SecretFault fault) =>
        Ended(Reasons.MalformedSecret, $"the {which} version: {fault.Field}: expected {fault.Expected}");

    private static Loaded.Ended Ended(string reason, string sentence) => new(StepResult.Stopped(new(reason, sentence)));
}
