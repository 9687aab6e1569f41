namespace Automation.Secrets;

/// <summary>A secret and its staging labels, as described just now. Versions without a label are not in it.</summary>
internal sealed record SecretState
{
    public const string Current = "AWSCURRENT", Pending = "AWSPENDING", Previous = "AWSPREVIOUS";

    public required string Arn { get; init; }

    public required string Name { get; init; }

    /// <summary><c>null</c>: rotation was never configured; <c>false</c>: it was cancelled.</summary>
    public required bool? RotationEnabled { get; init; }

    /// <summary>The AWS service that made the secret and rotates it by itself; <c>null</c> for a secret of the user's own.</summary>
    public required string? OwningService { get; init; }

    /// <summary>Labels by version id.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Labels { get; init; }

    /// <summary>The version that carries a label, which is at most one.</summary>
    public string? VersionWith(string label) =>
        Labels.FirstOrDefault(version => version.Value.Contains(label, StringComparer.Ordinal)).Key;
}
