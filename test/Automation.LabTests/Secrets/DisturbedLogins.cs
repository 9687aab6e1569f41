using Automation.Database;
using Automation.Secrets;

namespace Automation.LabTests.Secrets;

/// <summary>Records logins and statements, and lets one of them go wrong as the driver would report it.</summary>
internal sealed class DisturbedLogins(IRoleLogins logins, RotationCalls calls) : IRoleLogins
{
    private static readonly DatabaseFailure Lost = new(FailureClass.Unreachable, "injected: the connection was lost");
    private static readonly DatabaseFailure Unknown = new(FailureClass.UnknownOutcome, "injected: the connection was lost while a change was being made");
    private static readonly DatabaseFailure Refused = new(FailureClass.Other, "injected: the server refused", "53100");

    public async Task<Attempt<IRoleSession>> OpenAsync(SecretDocument secret, DatabaseLogin login, CancellationToken cancellation)
    {
        var (call, fault) = calls.Begin(ExternalCall.Login, login);
        await calls.MayPassAsync();
        if (fault is Disturbance.FailsBefore or Disturbance.TimesOut or Disturbance.AppliedLate) return new(Lost);
        if (fault == Disturbance.RunsTwice && (await logins.OpenAsync(secret, login, cancellation)).Succeeded(out var first, out _)) await first.DisposeAsync();

        var attempt = await logins.OpenAsync(secret, login, cancellation);
        call.Succeeded = attempt.Succeeded(out var session, out _);
        if (fault is Disturbance.AppliedThenFails or Disturbance.ProcessDies && session is not null) await session.DisposeAsync();
        if (fault == Disturbance.ProcessDies) calls.Die();
        if (fault == Disturbance.AppliedThenFails) return new(Lost);
        return session is null ? attempt : new(new Session(session, calls));
    }

    private sealed class Session(IRoleSession session, RotationCalls calls) : IRoleSession
    {
        private Func<Task> late = () => Task.CompletedTask;
        private bool broken;

        public Task<Attempt<ServerFacts>> ReadFactsAsync(IReadOnlyList<string> roles, CancellationToken cancellation) =>
            RunAsync(ExternalCall.ReadFacts, Lost, Lost, () => session.ReadFactsAsync(roles, cancellation));

        public Task<Attempt<bool>> LockAsync(string role, CancellationToken cancellation) =>
            RunAsync(ExternalCall.Lock, Lost, Lost, () => session.LockAsync(role, cancellation));

        public Task<Attempt<bool>> SetPasswordAsync(string role, string verifier, CancellationToken cancellation) =>
            RunAsync(ExternalCall.SetPassword, Refused, Unknown, () => session.SetPasswordAsync(role, verifier, cancellation));

        public async ValueTask DisposeAsync()
        {
            await late();
            await session.DisposeAsync();
        }

        private async Task<Attempt<T>> RunAsync<T>(string name, DatabaseFailure refused, DatabaseFailure lost, Func<Task<Attempt<T>>> act)
        {
            var (call, fault) = calls.Begin(name, null);
            await calls.MayPassAsync();
            if (broken) return new(Lost);
            broken = fault is Disturbance.AppliedThenFails or Disturbance.TimesOut or Disturbance.AppliedLate;
            switch (fault)
            {
                case Disturbance.FailsBefore:
                    return new(refused);
                case Disturbance.TimesOut:
                    return new(lost);
                case Disturbance.AppliedLate:
                    late = act;
                    return new(lost);
                case Disturbance.RunsTwice:
                    await act();
                    break;
            }
            var attempt = await act();
            call.Succeeded = attempt.Succeeded(out _, out _);
            if (fault is not (Disturbance.AppliedThenFails or Disturbance.ProcessDies)) return attempt;
            await session.DisposeAsync();
            if (fault == Disturbance.ProcessDies) calls.Die();
            return new(lost);
        }
    }
}
