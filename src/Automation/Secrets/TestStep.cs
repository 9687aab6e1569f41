using Automation.Events;
using Automation.Outcomes;

namespace Automation.Secrets;

/// <summary>
/// testSecret: logs in with the pending version. Writes nothing. With <c>RotateImmediately=false</c> it comes alone, for a pending
/// version that is empty or a copy of the current one, and is then a check of whether a rotation would succeed.
/// </summary>
internal sealed class TestStep(RotationLoading loading, RotationLogins logins, Preflight preflight)
{
    public async Task<StepResult> RunAsync(RotationRequest.Step request, CancellationToken cancellation)
    {
        var loaded = await loading.LoadAsync(request, cancellation);
        if (loaded is not Loaded.Ready(var rotation)) return ((Loaded.Ended)loaded).Result;

        if (rotation.Pending is not { } pending || pending.Password == rotation.Current.Password)
            return await preflight.CheckAsync(rotation, cancellation) is { } unfit
                ? StepResult.Stopped(unfit, rotation)
                : new(Decision.NothingToDo, Reasons.ReadyToRotate, "the current version logs in, and a rotation would find all it needs") { Rotation = rotation };

        await using var login = await logins.OpenAsync(rotation, RotationLogin.Pending, cancellation);
        if (login.Session is not { } session) return StepResult.Stopped(login.Why!, rotation);
        var facts = await session.ReadFactsAsync([], cancellation);
        if (!facts.Succeeded(out var server, out var failure))
            return StepResult.Stopped(LoginRules.Explain(failure, "a query as the pending version"), rotation);
        return server.IsStandby
            ? StepResult.Stopped(new(Reasons.Standby, $"{pending.Host} is a standby or a reader"), rotation)
            : new(Decision.NothingToDo, Reasons.PendingLogsIn, "the pending version logs in and answers") { Rotation = rotation };
    }
}
