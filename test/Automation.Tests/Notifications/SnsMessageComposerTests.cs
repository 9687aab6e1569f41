using System.Text;
using System.Text.Json;
using Automation.Notifications;
using Automation.Outcomes;
using static Automation.Tests.Notifications.Announcements;

namespace Automation.Tests.Notifications;

public sealed class SnsMessageComposerTests
{
    private static JsonElement Body(Announcement announcement) => JsonElement.Parse(SnsMessageComposer.Compose("connections", announcement).Body);

    [Theory]
    [InlineData("default")]
    [InlineData("email")]
    public void Compose_ForPeople_IsTheText(string protocol) => Assert.Equal(Announcement().Text, Body(Announcement()).GetProperty(protocol).GetString());

    [Theory]
    [InlineData("default")]
    [InlineData("email")]
    public void Compose_Origin_IsTheLastLineForPeople(string protocol)
    {
        var announcement = Announcement("Usage is 88 of 97.\n") with { Origin = "Set off by: alarm one\ntwo · request 1" };

        Assert.Equal("Usage is 88 of 97.\n\nSet off by: alarm one\\u000atwo · request 1\n", Body(announcement).GetProperty(protocol).GetString());
    }

    [Fact]
    public void Compose_Origin_IsNoPartOfTheOutcome() =>
        Assert.Equal(Body(Announcement()).GetProperty("sqs").GetString(), Body(Announcement() with { Origin = "Set off by: alarm one" }).GetProperty("sqs").GetString());

    [Fact]
    public void Compose_TextTooLong_KeepsTheOrigin()
    {
        var text = Body(Announcement(string.Concat(Enumerable.Repeat("a line of text\n", 30_000))) with { Origin = "Set off by: alarm one · request 1" }).GetProperty("email").GetString()!;

        Assert.EndsWith("\n[cut: the message was longer than a notification may be]\n\nSet off by: alarm one · request 1\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https")]
    [InlineData("http")]
    [InlineData("lambda")]
    [InlineData("sqs")]
    public void Compose_ForMachines_IsTheOutcomeOfTheContract(string protocol)
    {
        var expected = """
            {"database":"orders","kind":"instance","decision":"acted","reason":"usage-above-target","summary":"terminated 5 of 98 sessions",
             "resource":"arn:aws:rds:us-east-1:123456789012:db:orders","details":{"used":93}}
            """;

        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), JsonElement.Parse(Body(Announcement()).GetProperty(protocol).GetString()!)));
    }

    [Fact]
    public void Compose_Attributes_AreThoseOfTheContract()
    {
        var announcement = Announcement();

        var attributes = SnsMessageComposer.Compose("connections",
            announcement with { Severity = Severity.Critical, Outcome = announcement.Outcome with { Decision = Decision.NothingToDo } }).Attributes;

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["capability"] = "connections",
                ["decision"] = "nothing-to-do",
                ["severity"] = "critical",
                ["database"] = "orders",
            },
            attributes);
    }

    [Fact]
    public void Compose_WithoutDatabase_StillHasAValue()
    {
        var announcement = Announcement();

        Assert.Equal("unknown", SnsMessageComposer.Compose("connections",
            announcement with { Outcome = announcement.Outcome with { Database = "" } }).Attributes["database"]);
    }

    [Fact]
    public void Compose_WithoutHeadline_NamesCapabilityAndDecision() =>
        Assert.Equal("[warning] RDS automation: connections acted", SnsMessageComposer.Compose("connections", Announcement() with { Headline = "\n" }).Subject);

    [Fact]
    public void Compose_ControlCharactersInALine_AreShownNotSent()
    {
        var text = Body(Announcement("one\u001b[2J\u202e\r\ntwo\0")).GetProperty("email").GetString();

        Assert.Equal("one\\u001b[2J\\u202e\ntwo\\u0000", text);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\"quoted\\ ")]
    [InlineData("€")]
    [InlineData("😀")]
    [InlineData("\n")]
    public void Compose_TextTooLong_IsCutToTheLimitWithANote(string piece)
    {
        var announcement = Announcement(string.Concat(Enumerable.Repeat("a line of text\n", 100)) + string.Concat(Enumerable.Repeat(piece + "\n", 300_000)));

        var message = SnsMessageComposer.Compose("connections", announcement);
        var text = JsonElement.Parse(message.Body).GetProperty("email").GetString()!;

        Assert.InRange(Encoding.UTF8.GetByteCount(message.Body), SnsMessageComposer.LongestBody / 4, SnsMessageComposer.LongestBody);
        Assert.StartsWith("a line of text\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n[cut: the message was longer than a notification may be]", text, StringComparison.Ordinal);
        Assert.Equal(text.IndexOf("[cut", StringComparison.Ordinal), text.LastIndexOf("[cut", StringComparison.Ordinal));
        Assert.DoesNotContain('\ufffd', text);
        Assert.Contains("\"used\":93", JsonElement.Parse(message.Body).GetProperty("sqs").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_DetailsTooLong_AreLeftOutAndTheTextStays()
    {
        var announcement = Announcement(details: $$"""{"sessions":["{{new string('x', 100_000)}}"]}""");

        var body = Body(announcement);
        var outcome = JsonElement.Parse(body.GetProperty("sqs").GetString()!);

        Assert.Equal(announcement.Text, body.GetProperty("email").GetString());
        Assert.Equal("{}", outcome.GetProperty("details").GetRawText());
        Assert.Contains("too long", outcome.GetProperty("summary").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Stored_AndRead_IsWhatWillBeSent()
    {
        var announcement = Announcement(string.Concat(Enumerable.Repeat("\"€\"\n", 200_000)));

        var stored = StoredAnnouncement.Write(announcement);

        Assert.InRange(Encoding.UTF8.GetByteCount(stored), 1, 350_000);
        var message = SnsMessageComposer.Compose("connections", StoredAnnouncement.Read(stored));
        Assert.Equal(SnsMessageComposer.Compose("connections", announcement).Body, message.Body);
        Assert.Equal("[warning] orders: 5 sessions ended", message.Subject);
    }

    // Another run tells it, and must not name itself as what set it off.
    [Fact]
    public void Stored_AndToldByAnotherRun_KeepsTheFirstOrigin()
    {
        var first = new Conclusion(Announcement().Outcome, Announcement()).From(new Invocation("1", DateTimeOffset.UnixEpoch) { Origin = "Set off by: alarm one · request 1" });

        var again = new Conclusion(first.Outcome, StoredAnnouncement.Read(StoredAnnouncement.Write(first.Announcement!)))
            .From(new Invocation("2", DateTimeOffset.UnixEpoch) { Origin = "Set off by: schedule two · request 2" });

        Assert.Equal("Set off by: alarm one · request 1", again.Announcement!.Origin);
        Assert.Equal(SnsMessageComposer.Compose("connections", first.Announcement!).Body, SnsMessageComposer.Compose("connections", again.Announcement).Body);
    }

    [Fact]
    public void Read_NotAnAnnouncement_IsAnError() => Assert.ThrowsAny<JsonException>(() => StoredAnnouncement.Read("null"));
}
