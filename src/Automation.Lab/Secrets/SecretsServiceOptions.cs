using System.Text.Json;

namespace Automation.Lab.Secrets;

/// <summary>What Secrets Manager is made of.</summary>
internal sealed record SecretsServiceOptions
{
    /// <summary>Keeps values and labels.</summary>
    public required Uri Moto { get; init; }

    /// <summary>The functions that may be invoked; none by default.</summary>
    public FindRotationFunction Find { get; init; } = (_, _) => null;

    /// <summary>Gets every event about a rotation.</summary>
    public Action<JsonElement> OnEvent { get; init; } = _ => { };

    /// <summary>How often a rotation is tried.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>How long to wait between attempts.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.Zero;

    public required TimeProvider Time { get; init; }
}
