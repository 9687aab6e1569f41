using System.Text.Json;
using System.Text.RegularExpressions;
using Automation.Fleet;
using Automation.Outcomes;
using Automation.Telemetry;

namespace Automation.Events;

/// <summary>Reads a schedule's event, what a person asks for under <c>detail</c>, and RDS's events about snapshots.</summary>
internal static partial class SnapshotsRequestReader
{
    /// <summary>TakeSnapshots: a schedule or a person.</summary>
    /// <exception cref="InvalidInputException">The input is something else; the message names the field at fault.</exception>
    public static SnapshotsRequest ReadSchedule(JsonElement input)
    {
        var root = InputField.Root(input).RequireObject();
        if (root.Member("source").IsPresent) root.Member("source").RequireText("aws.events");
        return ReadScheduleOrPerson(root);
    }

    /// <summary>ReconcileSnapshots: these, or RDS.</summary>
    /// <exception cref="InvalidInputException">The input is something else; the message names the field at fault.</exception>
    public static SnapshotsRequest Read(JsonElement input)
    {
        var root = InputField.Root(input).RequireObject();
        return root.Member("source").OptionalText() == "aws.rds" ? ReadEvent(root) : ReadSchedule(input);
    }

    private static SnapshotsRequest ReadScheduleOrPerson(InputField root)
    {
        var detail = root.Member("detail");
        var database = detail.IsPresent ? detail.Member("database") : detail;
        // Whoever misspells the database must not set off all of them.
        if (!root.Member("source").IsPresent && !database.IsPresent)
            throw new InvalidInputException("detail.database", "an identifier, or an event of a schedule (source aws.events)", "neither");
        // Nor whoever misspells the mode, or asks in the form of a schedule's event, whose detail is empty.
        if (detail.IsPresent) detail.RequireMembers("database", "mode");
        if (detail.IsPresent && detail.RequireObject().Member("mode") is { IsPresent: true } mode)
            return new SnapshotsRequest.OneDatabase(ReadId(database), mode.Text(Modes(), "observe or act") == "act" ? Mode.Act : Mode.Observe);
        return database.IsPresent ? new SnapshotsRequest.OneDatabase(ReadId(database), Mode.Act) : new SnapshotsRequest.Everything();
    }

    // The ARN, because SourceIdentifier is not always the same thing.
    private static SnapshotsRequest.SnapshotEvent ReadEvent(InputField root)
    {
        var arn = root.Member("detail").Member("SourceArn");
        return Arn().Match(arn.Text()) is { Success: true } match
            ? new SnapshotsRequest.SnapshotEvent(match.Groups["kind"].Value == "cluster-snapshot" ? DatabaseKind.Cluster : DatabaseKind.Instance, match.Groups["id"].Value)
            : throw new InvalidInputException(arn.Path, "the ARN of a snapshot or cluster snapshot", $"\"{Printable.Line(arn.Text(), 100)}\"");
    }

    private static string ReadId(InputField field) =>
        field.Text(Identifier(), "the identifier of an instance or cluster: 1 to 63 letters, digits and hyphens, beginning with a letter").ToLowerInvariant();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9-]{0,62}\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\Aarn:aws[a-z-]*:rds:[a-z0-9-]+:[0-9]{12}:(?<kind>snapshot|cluster-snapshot):(?<id>[A-Za-z0-9:-]{1,255})\z")]
    private static partial Regex Arn();

    [GeneratedRegex(@"\A(?:observe|act)\z")]
    private static partial Regex Modes();
}
