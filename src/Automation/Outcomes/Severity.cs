using System.Text.Json.Serialization;

namespace Automation.Outcomes;

/// <summary>How loudly a person is told; a filter attribute of the SNS message.</summary>
[JsonConverter(typeof(SeverityJsonConverter))]
public enum Severity
{
    /// <summary>For the record.</summary>
    Info,

    /// <summary>Look at it today.</summary>
    Warning,

    /// <summary>Wake somebody.</summary>
    Critical,
}

internal sealed class SeverityJsonConverter() : JsonStringEnumConverter<Severity>(System.Text.Json.JsonNamingPolicy.KebabCaseLower);
