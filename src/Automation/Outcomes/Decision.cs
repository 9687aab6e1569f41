using System.Text.Json.Serialization;

namespace Automation.Outcomes;

/// <summary>What became of one database in one invocation.</summary>
[JsonConverter(typeof(DecisionJsonConverter))]
public enum Decision
{
    /// <summary>The facts ask for nothing.</summary>
    NothingToDo,

    /// <summary>Would have acted; the effective mode is <c>observe</c>.</summary>
    Observed,

    /// <summary>A change was made.</summary>
    Acted,

    /// <summary>A guard said no; the reason says which.</summary>
    Refused,

    /// <summary>Something broke; the invocation ends in error so that Lambda's retry and the dead-letter queue see it.</summary>
    Failed,
}

/// <summary>The names of README "Result of a function": kebab-case.</summary>
internal sealed class DecisionJsonConverter() : JsonStringEnumConverter<Decision>(System.Text.Json.JsonNamingPolicy.KebabCaseLower);
