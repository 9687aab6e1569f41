using System.Text.Json;
using System.Text.RegularExpressions;
using Automation.Outcomes;
using Automation.Telemetry;

namespace Automation.Events;

/// <summary>Reads a schedule's event, or what a person asks for under <c>detail</c>.</summary>
internal static partial class ScheduleRequestReader
{
    /// <exception cref="InvalidInputException">The input is something else; the message names the field at fault.</exception>
    public static ScheduleRequest Read(JsonElement input)
    {
        var root = InputField.Root(input).RequireObject();
        var scheduled = root.Member("source").IsPresent;
        if (scheduled) root.Member("source").RequireText("aws.events");
        var detail = root.Member("detail");
        var database = detail.IsPresent ? detail.Member("database") : detail;
        // Whoever misspells the database must not set off all of them.
        if (!scheduled && !database.IsPresent)
            throw new InvalidInputException("detail.database", "an identifier, or an event of a schedule (source aws.events)", "neither");
        // Nor whoever misspells the mode, or asks in the form of a schedule's event, whose detail is empty.
        if (detail.IsPresent) detail.RequireMembers("database", "mode");
        if (detail.IsPresent && detail.RequireObject().Member("mode") is { IsPresent: true } mode)
            return new ScheduleRequest.OneDatabase(ReadId(database), mode.Text(Modes(), "observe or act") == "act" ? Mode.Act : Mode.Observe);
        return database.IsPresent
            ? new ScheduleRequest.OneDatabase(ReadId(database), Mode.Act)
            : new ScheduleRequest.Everything(Printable.Line(root.Member("id").OptionalText() ?? "", 100));
    }

    private static string ReadId(InputField field) =>
        field.Text(Identifier(), "the identifier of an instance or cluster: 1 to 63 letters, digits and hyphens, beginning with a letter").ToLowerInvariant();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9-]{0,62}\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\A(?:observe|act)\z")]
    private static partial Regex Modes();
}
