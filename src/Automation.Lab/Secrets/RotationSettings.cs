using System.Text.Json.Nodes;

namespace Automation.Lab.Secrets;

/// <summary>What Secrets Manager knows of a secret's rotation, and moto does not.</summary>
internal sealed record RotationSettings
{
    /// <summary><c>null</c> until rotation was configured; <c>false</c> once cancelled.</summary>
    public bool? Enabled { get; init; }
    public string? FunctionArn { get; init; }

    /// <summary><c>RotationRules</c> as they were given.</summary>
    public JsonObject? Rules { get; init; }
    public DateTimeOffset? LastRotated { get; init; }

    /// <summary>The pending version without a value, and since when.</summary>
    public (string Version, DateTimeOffset Since)? Empty { get; init; }

    /// <summary>Days between rotations, where the rules count in days.</summary>
    public int? Days => (int?)Rules?["AutomaticallyAfterDays"];
}
