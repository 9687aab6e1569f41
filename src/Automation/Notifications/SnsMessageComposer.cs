using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Automation.Outcomes;
using Automation.Telemetry;

namespace Automation.Notifications;

/// <summary>
/// Makes the message of an announcement: text for people, the outcome as JSON for machines (README, "Notification").
/// </summary>
internal static class SnsMessageComposer
{
    /// <summary>Bytes of a body. SNS takes 256 KiB with the attributes.</summary>
    public const int LongestBody = 250_000;

    private const string CutMark = "\n[cut: the message was longer than a notification may be]";
    private const int LongestSummary = 2_000, LongestLine = 2_000;

    private static readonly string[] ForPeople = ["default", "email"], ForMachines = ["https", "http", "lambda", "sqs"];

    // Nothing here is ever put into HTML; escaping less leaves more room.
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static SnsMessage Compose(string capability, Announcement announcement)
    {
        var fitting = Fit(announcement);
        var outcome = fitting.Outcome;
        var decision = JsonNamingPolicy.KebabCaseLower.ConvertName(outcome.Decision.ToString());
        return new SnsMessage(
            SubjectLine.Of(fitting.Severity, fitting.Headline, $"RDS automation: {capability} {decision}"),
            Body(fitting),
            new Dictionary<string, string>
            {
                ["capability"] = capability,
                ["decision"] = decision,
                ["severity"] = JsonNamingPolicy.KebabCaseLower.ConvertName(fitting.Severity.ToString()),
                // An attribute must have a value.
                ["database"] = Printable.Line(outcome.Database, 256) is { Length: > 0 } database ? database : "unknown",
            });
    }

    /// <summary>The same announcement, small enough to be sent: first the details go, then the end of the text.</summary>
    public static Announcement Fit(Announcement announcement)
    {
        var fitting = announcement with
        {
            Text = OneLineEach(announcement.Text),
            Origin = announcement.Origin is { } origin ? Printable.Line(origin, LongestLine) : null,
        };
        if (Size(fitting with { Text = "" }) > LongestBody / 2) fitting = fitting with { Outcome = WithoutDetails(fitting.Outcome) };
        // The text is there twice and the rest is at most half: each round cuts at least a tenth.
        for (var size = Size(fitting); size > LongestBody; size = Size(fitting))
        {
            var kept = Math.Min((long)fitting.Text.Length * LongestBody / size, fitting.Text.Length * 9L / 10);
            fitting = fitting with { Text = Cut(fitting.Text, (int)kept) + CutMark };
        }
        return fitting;
    }

    private static string Body(Announcement announcement)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            var outcome = JsonSerializer.Serialize(announcement.Outcome, OutcomesJson.Default.Outcome);
            var text = announcement.Origin is { } origin ? $"{announcement.Text.TrimEnd('\n')}\n\n{origin}\n" : announcement.Text;
            writer.WriteStartObject();
            foreach (var protocol in ForPeople) writer.WriteString(protocol, text);
            foreach (var protocol in ForMachines) writer.WriteString(protocol, outcome);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static int Size(Announcement announcement) => Encoding.UTF8.GetByteCount(Body(announcement));

    private static Outcome WithoutDetails(Outcome outcome) => outcome with
    {
        Database = Printable.Line(outcome.Database, 256),
        Resource = Printable.Line(outcome.Resource, LongestSummary),
        Summary = Printable.Line(outcome.Summary, LongestSummary) + " (details are too long for a notification: see the function's log)",
        Details = JsonElement.Parse("{}"),
    };

    // Names of roles and applications come from outside; they may not break out of their line.
    private static string OneLineEach(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => Printable.Line(line, LongestLine)));

    private static string Cut(string text, int length) =>
        text.EndsWith(CutMark, StringComparison.Ordinal) ? Cut(text[..^CutMark.Length], length)
        : length >= text.Length ? text
        : length > 0 && char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)]
        : text[..length];
}
