using Automation.Events;
using Automation.Outcomes;
using Automation.Telemetry;

namespace Automation.Secrets;

/// <summary>
/// By hand: which version of the secret still logs in, and what would bring the secret and the database together again. Says
/// so; does it when asked to.
/// </summary>
internal sealed class RecoverStep(
    VersionTrials trials, Preflight preflight, RotationLogins logins, RotationRecords records, ISecretStore store, CurrentLabel label, Settings settings)
{
    public async Task<StepResult> RunAsync(RotationRequest.ByHand request, Invocation invocation, CancellationToken cancellation)
    {
        if (await store.DescribeAsync(request.SecretId, cancellation) is not { } secret)
            return StepResult.Stopped(new(Reasons.SecretNotFound, "there is no such secret, or it is marked as deleted"));
        if (secret.OwningService is { } owner)
            return StepResult.Stopped(new(Reasons.ManagedByService, $"the secret belongs to {owner}, which rotates it by itself"));
        if (secret.VersionWith(SecretState.Current) is not { } version)
            return StepResult.Stopped(new(Reasons.NoCurrentVersion, $"no version is {SecretState.Current}"));
        if (await store.ReadVersionAsync(secret.Arn, version, cancellation) is not { } text)
            return StepResult.Stopped(new(Reasons.MalformedSecret, "the current version has no text value"));
        if (SecretDocument.Read(text, out var fault) is not { } current)
            return StepResult.Stopped(new(Reasons.MalformedSecret, $"the current version: {fault!.Field}: expected {fault.Expected}"));

        var rotation = new Rotation { Token = version, Secret = secret, CurrentVersion = version, Current = current, Pending = null };
        if (DocumentRules.Check(current) is { } wrongHost) return StepResult.Stopped(wrongHost, rotation);

        var tried = await trials.TryAsync(rotation, cancellation);
        var administrator = tried.Any(one => one.State is LoginState.LoggedIn or LoginState.Unavailable)
            ? null
            : await CheckSettingAsync(rotation, cancellation);
        var act = settings.Mode == Mode.Act && request.Mode == Mode.Act;
        var result = RecoveryRules.Decide(tried, administrator) switch
        {
            RecoveryPlan.Nothing => await HealthyAsync(rotation, cancellation),
            RecoveryPlan.No(var refusal) => StepResult.Stopped(refusal),
            RecoveryPlan.MoveLabel(var to) when act => await MoveAsync(rotation with { Token = to.Version.Id, Pending = to.Secret }, invocation, cancellation),
            RecoveryPlan.SetCurrent when act => await SetAsync(rotation, invocation, cancellation),
            RecoveryPlan.MoveLabel(var to) => Planned(request, $"version {to.Version.Id} logs in and the current one does not: {SecretState.Current} would be moved to it"),
            RecoveryPlan.SetCurrent => Planned(request, $"no version logs in: the administrator would give role \"{Printable.Line(current.Username)}\" on {Printable.Line(current.Host)} the current version's password"),
            var other => throw new InvalidOperationException($"No case for {other.GetType().Name}."),
        };
        return result with { Rotation = rotation, Notes = [.. tried.Select(Describe), .. await StuckPendingAsync(rotation, result, cancellation)] };
    }

    /// <summary>
    /// No version logs in, so nothing proves that this secret is that role's: whoever can write a secret could name any. The ledger
    /// does, if this secret has set this role's password before; then, whether an administrator can.
    /// </summary>
    private async Task<Refusal?> CheckSettingAsync(Rotation rotation, CancellationToken cancellation) =>
        await records.HasSetAsync(rotation.Secret.Arn, rotation.Current, cancellation)
            ? await preflight.CheckAdministratorAsync(rotation, cancellation)
            : new(Reasons.NoVersionLogsIn, "the ledger does not show that a rotation of this secret set the password of this role on this server, so a person must");

    /// <summary>What a rotation would find, as <c>RotateImmediately=false</c> would answer.</summary>
    private async Task<StepResult> HealthyAsync(Rotation rotation, CancellationToken cancellation) =>
        await preflight.CheckAsync(rotation, cancellation) is { } unfit
            ? StepResult.Stopped(unfit)
            : new(Decision.NothingToDo, Reasons.CurrentLogsIn, "the current version logs in, and a rotation would find all it needs");

    /// <summary>The version is proven under its role's lock before it becomes the current one, as in finishSecret.</summary>
    private async Task<StepResult> MoveAsync(Rotation rotation, Invocation invocation, CancellationToken cancellation)
    {
        await using var login = await logins.OpenAsync(rotation, RotationLogin.Pending, cancellation);
        if (login.Session is not { } session) return StepResult.Stopped(login.Why!);
        if (await RoleLock.TakeAsync(session, rotation.Pending!.Username, cancellation) is { } notHad) return StepResult.Stopped(notHad);
        var proof = await logins.ProveAsync(rotation, RotationLogin.Pending, cancellation);
        if (proof.State != LoginState.LoggedIn) return StepResult.Stopped(proof.Why!);

        if (await records.WriteAsync(rotation, RotationRecords.MoveLabel, invocation, cancellation) is { } forbidden) return StepResult.Stopped(forbidden);
        return await label.MoveAsync(rotation, cancellation)
            ? new(Decision.Acted, Reasons.Repaired, $"{SecretState.Current} was moved to version {rotation.Token}, which logs in")
            : StepResult.Stopped(new(Reasons.CurrentMoved, $"{SecretState.Current} is no longer on version {rotation.CurrentVersion}: somebody moved it; look again"));
    }

    private async Task<StepResult> SetAsync(Rotation rotation, Invocation invocation, CancellationToken cancellation)
    {
        await using var login = await logins.OpenAsync(rotation, RotationLogin.Administrator, cancellation);
        if (login.Session is not { } session) return StepResult.Stopped(login.Why!);
        if (await RoleLock.TakeAsync(session, rotation.Current.Username, cancellation) is { } notHad) return StepResult.Stopped(notHad);
        var before = await logins.ProveAsync(rotation, RotationLogin.Current, cancellation);
        if (before.State != LoginState.Refused)
            return StepResult.Stopped(before.Why ?? new(Reasons.ConcurrentChange, "the current version logs in by now; nothing was changed"));

        if (await records.WriteAsync(rotation, RotationRecords.SetPassword, invocation, cancellation) is { } forbidden) return StepResult.Stopped(forbidden);
        var set = await session.SetPasswordAsync(rotation.Current.Username, ScramVerifier.Of(rotation.Current.Password), CancellationToken.None);
        var after = await logins.ProveAsync(rotation, RotationLogin.Current, CancellationToken.None);
        return after.State == LoginState.LoggedIn
            ? new(Decision.Acted, Reasons.Repaired, "the role has the current version's password again, and it logs in")
            : StepResult.Stopped(set.Succeeded(out _, out var failure) ? after.Why! : LoginRules.Explain(failure, "changing the password"));
    }

    private static StepResult Planned(RotationRequest.ByHand request, string plan) => new(Decision.Observed, Reasons.RepairPlanned,
        plan + (request.Mode == Mode.Act ? "; the function's MODE is observe: set MODE to act to have it done" : "; send \"mode\":\"act\" to have it done"));

    private static string Describe(TriedVersion tried)
    {
        var labels = tried.Version.Labels.Count == 0 ? "no label" : string.Join(", ", tried.Version.Labels);
        return $"version {tried.Version.Id} ({labels}): " + tried.State switch
        {
            LoginState.LoggedIn => "logs in",
            null => "not tried: no readable value for this host and role",
            _ => $"{tried.Why!.Reason}: {tried.Why.Sentence}",
        };
    }

    /// <summary>
    /// Rotations fail with "a previous rotation isn't complete" while AWSPENDING is on a version of its own. Giving that version
    /// up is said only where it was seen not to log in, and the current one to: it could hold the database's only password.
    /// </summary>
    private async Task<IEnumerable<string>> StuckPendingAsync(Rotation rotation, StepResult result, CancellationToken cancellation)
    {
        var secret = rotation.Secret;
        if (result.Reason != Reasons.CurrentLogsIn || secret.VersionWith(SecretState.Pending) is not { } stuck || stuck == rotation.CurrentVersion) return [];
        var pending = await trials.TryOneAsync(rotation, new SecretVersion(stuck, default, [SecretState.Pending]), cancellation);
        return pending.State == LoginState.Refused
            ? [$"version {stuck} is still {SecretState.Pending} and does not log in; when no rotation is under way, give it up: "
                + $"aws secretsmanager update-secret-version-stage --secret-id {secret.Arn} --version-stage {SecretState.Pending} --remove-from-version-id {stuck}"]
            : [];
    }
}
