using Automation.Events;
using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Secrets;

/// <summary>createSecret: makes the next password and stores it, before anybody else knows it.</summary>
internal sealed class CreateStep(RotationLoading loading, Preflight preflight, ISecretStore store, ILedger ledger, Settings settings)
{
    public async Task<StepResult> RunAsync(RotationRequest.Step request, CancellationToken cancellation)
    {
        var loaded = await loading.LoadAsync(request, cancellation);
        if (loaded is not Loaded.Ready(var rotation)) return ((Loaded.Ended)loaded).Result;

        if (await preflight.CheckAsync(rotation, cancellation) is { } unfit) return StepResult.Stopped(unfit, rotation);
        if (ModeRules.Check(settings.Mode) is { } observing) return StepResult.Stopped(observing, rotation);
        if (rotation.Pending is not null) return AlreadyStored(rotation);
        if (SwitchRules.Check(await ledger.ReadSwitchAsync(RotateSecret.Capability, cancellation)) is { } stopped)
            return StepResult.Stopped(stopped, rotation);

        // Storing takes AWSPENDING from whoever has it. The preflight took seconds, in which this rotation may have been given up
        // and another one have set its password.
        if (await store.DescribeAsync(rotation.Secret.Arn, cancellation) is not { } now
            || LabelRules.Check(now, request.Name, request.Token) is not LabelVerdict.Proceed(var still) || still != rotation.CurrentVersion)
            return StepResult.Stopped(new(Reasons.CurrentMoved, "the labels changed while the rotation was being checked; nothing was stored"), rotation);

        var next = rotation.Current.With(rotation.NextUser, PasswordGenerator.Next());
        if (await store.PutPendingAsync(rotation.Secret.Arn, request, next, cancellation) == PutResult.Stored)
            return new(Decision.Acted, Reasons.PendingStored, "the next password is stored as the pending version; the database does not have it yet") { Rotation = rotation };

        // Another attempt was faster. A token has one value, so that one counts, if it is what it should be.
        loaded = await loading.LoadAsync(request, cancellation);
        return loaded switch
        {
            Loaded.Ready({ Pending: not null } stored) => AlreadyStored(stored),
            Loaded.Ready(var empty) => StepResult.Stopped(new(Reasons.PendingEmpty, "the pending version has a value that cannot be read as text"), empty),
            Loaded.Ended(var result) => result,
            _ => throw new InvalidOperationException($"No case for {loaded.GetType().Name}."),
        };
    }

    private static StepResult AlreadyStored(Rotation rotation) =>
        new(Decision.NothingToDo, Reasons.PendingAlreadyStored, "the pending version has its value already, which stays") { Rotation = rotation };
}
