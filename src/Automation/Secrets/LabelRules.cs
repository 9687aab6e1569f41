using Automation.Events;

namespace Automation.Secrets;

/// <summary>The label rules of Secrets Manager ("Rotation function steps"), before a value is read or a socket is opened.</summary>
internal static class LabelRules
{
    public static LabelVerdict Check(SecretState secret, RotationStep step, string token)
    {
        if (secret.OwningService is { } owner)
            return No(Reasons.ManagedByService, $"the secret belongs to {owner}, which rotates it by itself");
        // RotateImmediately=false runs testSecret alone, while rotation is only being configured.
        if (step != RotationStep.Test && secret.RotationEnabled is not true)
            return No(Reasons.RotationNotEnabled, secret.RotationEnabled is null
                ? "rotation was never configured for the secret"
                : "rotation was cancelled");
        if (!secret.Labels.TryGetValue(token, out var labels))
            return No(Reasons.UnknownVersion, $"version {token} has no staging label, or does not exist: the rotation was abandoned or never begun");
        if (labels.Contains(SecretState.Current, StringComparer.Ordinal)) return new LabelVerdict.AlreadyCurrent();
        if (!labels.Contains(SecretState.Pending, StringComparer.Ordinal))
            return No(Reasons.NotPending, $"version {token} is not {SecretState.Pending}"
                + (secret.VersionWith(SecretState.Pending) is { } other ? $", version {other} is" : ""));
        return secret.VersionWith(SecretState.Current) is { } current
            ? new LabelVerdict.Proceed(current)
            : No(Reasons.NoCurrentVersion, $"no version is {SecretState.Current}");
    }

    private static LabelVerdict.No No(string reason, string sentence) => new(new Refusal(reason, sentence));
}
