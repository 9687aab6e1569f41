using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Secrets;

/// <summary>The ledger's view of rotations: every change of a password is written down before it is made.</summary>
/// <remarks>
/// The partition is the secret's ARN, which is never used again, since RDS's own id of the database is not in a secret.
/// </remarks>
internal sealed class RotationRecords(ILedger ledger, TimeProvider time)
{
    public const string SetPassword = "set-password", MoveLabel = "move-current-label";

    // A rotation that is taken up again later than this has no measured gap.
    private static readonly TimeSpan LookBack = TimeSpan.FromHours(24);

    private volatile ActionRecord? last;

    /// <returns>Why the change may not be made, or <c>null</c>.</returns>
    public async Task<Refusal?> WriteAsync(Rotation rotation, string action, Invocation invocation, CancellationToken cancellation)
    {
        var record = new ActionRecord
        {
            ResourceId = rotation.Secret.Arn,
            At = time.GetUtcNow(),
            Capability = RotateSecret.Capability,
            Key = rotation.Token,
            Action = action,
            Database = SecretsConclusions.DatabaseOf(rotation.Current),
            Mode = Mode.Act,
            RequestId = invocation.RequestId,
            Group = action == SetPassword ? new ActionGroup(MarkOf(rotation.Pending ?? rotation.Current), "") : null,
            Incident = $"{RotateSecret.Capability}/{rotation.Secret.Arn}/{rotation.Token}",
            Before = $$"""{"currentVersion":"{{JsonEncodedText.Encode(rotation.CurrentVersion)}}","strategy":"{{StrategyRules.NameOf(rotation.Strategy)}}"}""",
        };
        var refusal = SwitchRules.Check(await ledger.RecordAsync(record, [], cancellation));
        if (refusal is null) last = record;
        return refusal;
    }

    /// <summary>The record of this rotation's change: of this process, which usually runs all steps, else from the ledger.</summary>
    public async Task<ActionRecord?> FindAsync(Rotation rotation, CancellationToken cancellation)
    {
        if (last is { } known && known.ResourceId == rotation.Secret.Arn && known.Key == rotation.Token) return known;
        var history = await ledger.HistoryAsync(rotation.Secret.Arn, RotateSecret.Capability, time.GetUtcNow() - LookBack, cancellation);
        // The last one: those before it did not come to anything, or there would be no other.
        return history.LastOrDefault(record => record.Key == rotation.Token && record.Action == SetPassword);
    }

    /// <summary>Whether a rotation of this secret ever set this role's password on this server, as far as the ledger reaches back.</summary>
    public async Task<bool> HasSetAsync(string secretArn, SecretDocument of, CancellationToken cancellation) =>
        (await ledger.HistoryAsync(secretArn, RotateSecret.Capability, DateTimeOffset.UnixEpoch, cancellation))
        .Any(record => record.Action == SetPassword && record.Group?.Role == MarkOf(of));

    /// <summary>
    /// Tells roles of servers apart in the ledger without naming them there: the names come from secrets. A role of one server proves
    /// nothing of its namesake on another.
    /// </summary>
    private static string MarkOf(SecretDocument of) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{of.Host.ToLowerInvariant()}:{of.Port}/{of.Username}"))));

    public Task ConfirmAsync(ActionRecord record, ActionResult result, CancellationToken cancellation) =>
        ledger.ConfirmAsync(record, result, cancellation);
}
