using Automation.Database;
using Automation.Events;
using Automation.Outcomes;

namespace Automation.Secrets;

/// <summary>
/// setSecret: gives the database the pending password, tests it at once, and takes it back when it does not log in. Everything
/// that decides is asked under the role's lock.
/// </summary>
internal sealed class SetStep(RotationLoading loading, RotationLogins logins, RotationRecords records, Settings settings, TimeProvider time)
{
    /// <summary>What is left of the run must cover a last look at the catalog, the record, the change, the test and taking it back.</summary>
    internal static readonly TimeSpan ChangeLimit = TimeSpan.FromSeconds(50);

    public async Task<StepResult> RunAsync(RotationRequest.Step request, Invocation invocation, CancellationToken cancellation)
    {
        var loaded = await loading.LoadAsync(request, cancellation);
        if (loaded is not Loaded.Ready(var rotation)) return ((Loaded.Ended)loaded).Result;
        if (rotation.Pending is null)
            return StepResult.Stopped(new(Reasons.PendingEmpty, "the pending version has no value: createSecret did not run or was not finished"), rotation);
        if (rotation.Pending.Password == rotation.Current.Password)
            return StepResult.Stopped(new(Reasons.PendingDiffers, "the pending version has the current password: nothing would be rotated"), rotation);
        if (ModeRules.Check(settings.Mode) is { } observing) return StepResult.Stopped(observing, rotation);

        var changer = rotation.Strategy == RotationStrategy.SingleUser ? RotationLogin.Current : RotationLogin.Administrator;
        await using var opened = await logins.OpenAsync(rotation, changer, cancellation);
        var known = new KnownLogins();
        if (opened.Session is { } session)
        {
            if (await LockAsync(session, request, rotation, cancellation) is { } stopped) return stopped;
            // The current login was before the lock and must be proven again; an administrator's stays.
            if (changer == RotationLogin.Administrator) known = known with { Administrator = LoginState.LoggedIn };
        }
        else
        {
            known = changer == RotationLogin.Current ? known with { Current = opened.State } : known with { Administrator = opened.State };
        }

        var why = new Dictionary<RotationLogin, Refusal?> { [changer] = opened.Why };
        while (true)
        {
            switch (SetRules.Next(rotation.Strategy, known))
            {
                case SetDecision.Ask(var which):
                    var outcome = await logins.ProveAsync(rotation, which, cancellation);
                    why[which] = outcome.Why;
                    known = With(known, which, outcome.State);
                    break;
                case SetDecision.AlreadySet:
                    return new(Decision.NothingToDo, Reasons.AlreadySet, "the database has the pending password already") { Rotation = rotation };
                case SetDecision.Wait(var which):
                    return StepResult.Stopped(why[which]!, rotation);
                case SetDecision.Abandon(Reasons.AdministratorRefused):
                    return StepResult.Stopped(why[RotationLogin.Administrator]!, rotation);
                case SetDecision.Abandon(var reason):
                    // A whole rotation of somebody else since the labels were read looks the same.
                    return await loading.LoadAsync(request, cancellation) is Loaded.Ended(var ended)
                        ? ended
                        : StepResult.Stopped(AbandonRules.Explain(reason), rotation);
                case SetDecision.Change:
                    return await ChangeAsync(rotation, opened.Session!, invocation, cancellation);
                case var other:
                    throw new InvalidOperationException($"No case for {other.GetType().Name}.");
            }
        }
    }

    /// <returns>Why not, or <c>null</c> when the lock is held and the labels are as they were.</returns>
    private async Task<StepResult?> LockAsync(IRoleSession session, RotationRequest.Step request, Rotation rotation, CancellationToken cancellation)
    {
        if (await RoleLock.TakeAsync(session, rotation.NextUser, cancellation) is { } notHad) return StepResult.Stopped(notHad, rotation);
        // Since they were read somebody may have finished a rotation of its own, or taken the label from this one.
        return await loading.LoadAsync(request, cancellation) switch
        {
            Loaded.Ready(var again) when again.CurrentVersion == rotation.CurrentVersion => null,
            Loaded.Ready(var again) => StepResult.Stopped(new(Reasons.CurrentMoved, $"version {again.CurrentVersion} became the current one meanwhile"), again),
            Loaded.Ended(var result) => result,
            var other => throw new InvalidOperationException($"No case for {other.GetType().Name}."),
        };
    }

    private async Task<StepResult> ChangeAsync(Rotation rotation, IRoleSession session, Invocation invocation, CancellationToken cancellation)
    {
        if (time.GetUtcNow() + ChangeLimit > invocation.Deadline)
            return StepResult.Stopped(new(Reasons.OutOfTime, "too little of the function's time is left to change the password and to test it"), rotation);
        // createSecret asked the same; since then roles and labels may have changed, and whoever can write the secret could have
        // named another pair in it.
        if (await Preflight.CheckAsync(rotation, session, cancellation) is { } unfit) return StepResult.Stopped(unfit, rotation);
        if (await records.WriteAsync(rotation, RotationRecords.SetPassword, invocation, cancellation) is { } forbidden)
            return StepResult.Stopped(forbidden, rotation);

        // From here on nothing stops half-way because the run's time is over: ChangeLimit covers it.
        var set = await session.SetPasswordAsync(rotation.NextUser, ScramVerifier.Of(rotation.Pending!.Password), CancellationToken.None);
        var changed = set.Succeeded(out _, out var failure);
        // Only an error that the server gave to the statement says that nothing happened.
        if (!changed && failure is { SqlState: not null, Class: not (FailureClass.UnknownOutcome or FailureClass.ShuttingDown or FailureClass.Unreachable) })
            return StepResult.Stopped(LoginRules.Explain(failure, "changing the password"), rotation);

        var proof = await logins.ProveAsync(rotation, RotationLogin.Pending, CancellationToken.None);
        return proof.State switch
        {
            LoginState.LoggedIn => new(Decision.Acted, Reasons.PasswordSet, "the database has the pending password, and it logs in") { Rotation = rotation },
            // Nothing is known, so nothing more is written; the retry finds out.
            LoginState.Unavailable => StepResult.Stopped(new(Reasons.ChangedUntested,
                $"the password was changed, or may have been, and could not be tested: {proof.Why!.Sentence}. Version {rotation.Token} holds it"), rotation),
            _ when !changed => StepResult.Stopped(new(Reasons.NotChanged, "changing the password broke off, and the database does not have it"), rotation),
            _ when rotation.Strategy == RotationStrategy.AlternatingUsers => StepResult.Stopped(proof.Why!, rotation),
            _ => await RollBackAsync(rotation, session),
        };
    }

    /// <summary>The password was set and does not log in: applications get the one back that their secret has.</summary>
    private async Task<StepResult> RollBackAsync(Rotation rotation, IRoleSession session)
    {
        var back = await session.SetPasswordAsync(rotation.Current.Username, ScramVerifier.Of(rotation.Current.Password), CancellationToken.None);
        var proof = await logins.ProveAsync(rotation, RotationLogin.Current, CancellationToken.None);
        return StepResult.Stopped(proof.State == LoginState.LoggedIn
            ? new(Reasons.RolledBack, "the pending password did not log in after it was set: the current one was set again, and it logs in")
            : new(Reasons.RollBackFailed, "the pending password did not log in after it was set, and neither does the current one"
                + (back.Succeeded(out _, out _) ? "" : ", which could not be set again")
                + ": see the role's attributes (rds_iam, VALID UNTIL, NOLOGIN) and run the recovery"), rotation);
    }

    private static KnownLogins With(KnownLogins known, RotationLogin which, LoginState state) => which switch
    {
        RotationLogin.Pending => known with { Pending = state },
        RotationLogin.Current => known with { Current = state },
        RotationLogin.Previous => known with { Previous = state },
        RotationLogin.Administrator => known with { Administrator = state },
        _ => throw new ArgumentOutOfRangeException(nameof(which), which, null),
    };
}
