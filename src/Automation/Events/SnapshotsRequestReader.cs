using System.Text.Json;
using System.Text.RegularExpressions;
using Automation.Fleet;
using Automation.Telemetry;

namespace Automation.Events;

/// <summary>Reads a schedule's event, what a person asks for under <c>detail</c>, and RDS's events about snapshots.</summary>
internal static partial class SnapshotsRequestReader
{
    /// <summary>TakeSnapshots: a schedule or a person.</summary>
    /// <exception cref="InvalidInputException">The input is something else; the message names the field at fault.</exception>
    public static SnapshotsRequest ReadSchedule(JsonElement input) => ScheduleRequestReader.Read(input) switch
    {
        ScheduleRequest.Everything => new SnapshotsRequest.Everything(),
        ScheduleRequest.OneDatabase(var id, var mode) => new SnapshotsRequest.OneDatabase(id, mode),
        var other => throw new InvalidOperationException($"No case for {other.GetType().Name}."),
    };

    /// <summary>ReconcileSnapshots: these, or RDS.</summary>
    /// <exception cref="InvalidInputException">The input is something else; the message names the field at fault.</exception>
    public static SnapshotsRequest Read(JsonElement input)
    {
        var root = InputField.Root(input).RequireObject();
        return root.Member("source").OptionalText() == "aws.rds" ? ReadEvent(root) : ReadSchedule(input);
    }

    // The ARN, because SourceIdentifier is not always the same thing.
    private static SnapshotsRequest.SnapshotEvent ReadEvent(InputField root)
    {
        var arn = root.Member("detail").Member("SourceArn");
        return Arn().Match(arn.Text()) is { Success: true } match
            ? new SnapshotsRequest.SnapshotEvent(match.Groups["kind"].Value == "cluster-snapshot" ? DatabaseKind.Cluster : DatabaseKind.Instance, match.Groups["id"].Value)
            : throw new InvalidInputException(arn.Path, "the ARN of a snapshot or cluster snapshot", $"\"{Printable.Line(arn.Text(), 100)}\"");
    }

    [GeneratedRegex(@"\Aarn:aws[a-z-]*:rds:[a-z0-9-]+:[0-9]{12}:(?<kind>snapshot|cluster-snapshot):(?<id>[A-Za-z0-9:-]{1,255})\z")]
    private static partial Regex Arn();
}
