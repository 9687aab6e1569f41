using Automation.Events;
using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Secrets;

/// <summary>
/// finishSecret: proves the pending version once more, under the role's lock, and makes it the current one by compare and swap.
/// The kill switch stops rotations from changing a database; it does not stop here, where the database has the new password
/// and applications only get to know it.
/// </summary>
internal sealed class FinishStep(
    RotationLoading loading, RotationLogins logins, RotationRecords records, ProxyCheck proxies, CurrentLabel label, Settings settings, TimeProvider time)
{
    public async Task<StepResult> RunAsync(RotationRequest.Step request, Invocation invocation, CancellationToken cancellation)
    {
        var loaded = await loading.LoadAsync(request, cancellation);
        if (loaded is not Loaded.Ready(var rotation)) return ((Loaded.Ended)loaded).Result;
        if (rotation.Pending is null)
            return StepResult.Stopped(new(Reasons.PendingEmpty, "the pending version has no value: nothing was set"), rotation);
        if (ModeRules.Check(settings.Mode) is { } observing) return StepResult.Stopped(observing, rotation);

        DateTimeOffset moved;
        await using (var login = await logins.OpenAsync(rotation, RotationLogin.Pending, cancellation))
        {
            if (login.Session is not { } session) return StepResult.Stopped(login.Why!, rotation);
            if (await RoleLock.TakeAsync(session, rotation.NextUser, cancellation) is { } notHad) return StepResult.Stopped(notHad, rotation);
            // That login was before the lock: another rotation may have set another password since.
            var proof = await logins.ProveAsync(rotation, RotationLogin.Pending, cancellation);
            if (proof.State != LoginState.LoggedIn) return StepResult.Stopped(proof.Why!, rotation);
            if (!await label.MoveAsync(rotation, cancellation))
            {
                return StepResult.Stopped(new(Reasons.CurrentMoved, $"{SecretState.Current} is no longer on version {rotation.CurrentVersion}: somebody moved it. "
                    + $"Version {rotation.Token} holds the password that the database has; run the recovery"), rotation);
            }
            moved = time.GetUtcNow();
        }
        return await CloseAsync(rotation, moved, invocation, cancellation);
    }

    /// <summary>The rotation is over. What is left is measured and told, and must not make it look as if it had failed.</summary>
    private async Task<StepResult> CloseAsync(Rotation rotation, DateTimeOffset moved, Invocation invocation, CancellationToken cancellation)
    {
        var gap = rotation.Strategy == RotationStrategy.AlternatingUsers ? TimeSpan.Zero : (TimeSpan?)null;
        var notes = new List<string>();
        try
        {
            if (await records.FindAsync(rotation, cancellation) is { } record)
            {
                gap ??= moved - record.At;
                await records.ConfirmAsync(record, ActionResult.Done, cancellation);
            }
            notes.AddRange(await proxies.CheckAsync(rotation, invocation.Deadline, cancellation));
        }
        catch (Exception e)
        {
            notes.Add($"What came after the rotation was not finished ({e.GetType().Name}): the gap or the proxies are not known.");
        }
        return new(Decision.Acted, Reasons.Rotated, "the pending version logs in and is the current one now"
            + (gap is { } measured && measured > TimeSpan.Zero ? $"; the former one did not log in for {measured.TotalMilliseconds:F0} ms" : ""))
        {
            Rotation = rotation,
            Gap = gap,
            Notes = notes,
        };
    }
}
