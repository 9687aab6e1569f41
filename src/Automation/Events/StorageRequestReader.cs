using System.Text.Json;
using System.Text.RegularExpressions;
using Automation.Telemetry;

namespace Automation.Events;

/// <summary>Reads an alarm on free storage, RDS's events about it, a schedule's, and what a person asks for under <c>detail</c>.</summary>
internal static partial class StorageRequestReader
{
    /// <summary>RDS user guide, "Amazon RDS event categories": used up, nearly used up, shut down for it, about to be.</summary>
    public static IReadOnlyList<string> Codes { get; } = ["RDS-EVENT-0007", "RDS-EVENT-0089", "RDS-EVENT-0221", "RDS-EVENT-0222"];

    /// <exception cref="InvalidInputException">The input is something else; the message names the field at fault.</exception>
    public static StorageRequest Read(JsonElement input)
    {
        var root = InputField.Root(input).RequireObject();
        return root.Member("source").OptionalText() switch
        {
            "aws.cloudwatch" => new StorageRequest.Alarmed(AlarmStateChangeReader.Read(input)),
            "aws.rds" => ReadEvent(root),
            null or "aws.events" => ScheduleRequestReader.Read(input) switch
            {
                ScheduleRequest.OneDatabase(var id, var mode) => new StorageRequest.OneDatabase(id, mode),
                ScheduleRequest.Everything(var id) => new StorageRequest.Everything(id),
                var other => throw new InvalidOperationException($"No case for {other.GetType().Name}."),
            },
            var other => throw new InvalidInputException("source", "aws.cloudwatch, aws.rds, aws.events, or none with detail.database", $"\"{Printable.Line(other, 100)}\""),
        };
    }

    private static StorageRequest.Low ReadEvent(InputField root)
    {
        root.Member("detail-type").RequireText("RDS DB Instance Event");
        var detail = root.Member("detail");
        var code = detail.Member("EventID");
        if (!Codes.Contains(code.Text(), StringComparer.Ordinal))
            throw new InvalidInputException(code.Path, string.Join(" or ", Codes), $"\"{Printable.Line(code.Text(), 100)}\"");
        var arn = detail.Member("SourceArn");
        return Arn().Match(arn.Text()) is { Success: true } match
            ? new StorageRequest.Low(match.Groups["id"].Value.ToLowerInvariant(), match.Groups["account"].Value, detail.Member("Date").Timestamp(), code.Text(), root.Member("id").Text())
            : throw new InvalidInputException(arn.Path, "the ARN of a DB instance", $"\"{Printable.Line(arn.Text(), 100)}\"");
    }

    [GeneratedRegex(@"\Aarn:aws[a-z-]*:rds:[a-z0-9-]+:(?<account>[0-9]{12}):db:(?<id>[A-Za-z][A-Za-z0-9-]{0,62})\z")]
    private static partial Regex Arn();
}
