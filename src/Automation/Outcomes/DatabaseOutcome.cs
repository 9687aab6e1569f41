using System.Text.Json;
using Automation.Fleet;
using Automation.Telemetry;

namespace Automation.Outcomes;

/// <summary>Outcomes with names and sentences on one line, whoever chose them.</summary>
internal static class DatabaseOutcome
{
    /// <summary>The <c>details</c> of an outcome that has none.</summary>
    public static JsonElement NoDetails { get; } = JsonDocument.Parse("{}").RootElement;

    public static Outcome Of(RdsDatabase database, Decision decision, string reason, string sentence, JsonElement details) =>
        Of(database.Id, database.Kind == DatabaseKind.Cluster ? "cluster" : "instance", database.Arn, decision, reason, sentence, details);

    /// <summary>Of something that RDS does not know, or that is no database in particular.</summary>
    public static Outcome OfUnknown(string name, string resource, Decision decision, string reason, string sentence) =>
        Of(name, "unknown", resource, decision, reason, sentence, NoDetails);

    private static Outcome Of(string database, string kind, string resource, Decision decision, string reason, string sentence, JsonElement details) => new()
    {
        Database = Printable.Line(database, 256),
        Kind = kind,
        Decision = decision,
        Reason = reason,
        Summary = Printable.Line(sentence, 1000),
        Resource = resource,
        Details = details,
    };
}
