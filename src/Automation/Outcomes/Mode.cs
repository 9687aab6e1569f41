using System.Text.Json.Serialization;

namespace Automation.Outcomes;

/// <summary>Whether a mutation may follow a decision. Ordered: the effective mode is the weaker of two.</summary>
[JsonConverter(typeof(ModeJsonConverter))]
public enum Mode
{
    /// <summary>The database is not touched at all.</summary>
    Off,

    /// <summary>Everything up to the mutation; report what would have been done.</summary>
    Observe,

    /// <summary>Carry the decision out.</summary>
    Act,
}

internal sealed class ModeJsonConverter() : JsonStringEnumConverter<Mode>(System.Text.Json.JsonNamingPolicy.KebabCaseLower);
