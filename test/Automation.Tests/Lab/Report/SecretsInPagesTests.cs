using System.Text;
using System.Text.Json;
using Automation.Lab.Incidents;
using Automation.Lab.Lambda;
using Automation.Lab.Report;

namespace Automation.Tests.Lab.Report;

/// <summary>A report shows what functions answered as it is. So whoever looks for a secret in the page finds it, wherever in an answer it was.</summary>
public sealed class SecretsInPagesTests
{
    // What JSON and HTML write otherwise.
    private const string Awkward = "p<4&'+\"\\wörd";

    [Theory]
    [InlineData("""{"capability":"secrets","mode":"act","outcomes":[{"database":"orders","decision":"acted","reason":"rotated","summary":"now SECRET","details":{}}]}""")]
    [InlineData("""{"capability":"secrets","mode":"act","outcomes":[{"database":"orders","decision":"acted","reason":"SECRET","summary":"s","details":{}}]}""")]
    [InlineData("""{"capability":"secrets","mode":"act","outcomes":[{"database":"SECRET","decision":"acted","reason":"r","summary":"s","details":{}}]}""")]
    [InlineData("""{"outcomes":[{"database":"orders","decision":"acted","reason":"r","summary":"s","details":{"plain":"SECRET"}}]}""")]
    [InlineData("""{"outcomes":[{"database":"orders","decision":"acted","reason":"r","summary":"s","details":{"SECRET":1}}]}""")]
    [InlineData("""{"outcomes":[{"database":"orders","decision":"acted","reason":"r","summary":"s","details":{"list":["a","SECRET"]}}]}""")]
    [InlineData("""{"outcomes":[{"database":"orders","decision":"acted","reason":"r","summary":"s","details":{"rows":[{"a":{"b":{"c":"SECRET"}}}]}}]}""")]
    [InlineData("""{"outcomes":[{"database":"orders","decision":"acted","reason":"r","summary":"s","details":{"1":{"2":{"3":{"4":{"5":{"6":{"7":{"8":"SECRET"}}}}}}}}}]}""")]
    public void Page_OfAnAnswerWithASecret_HasIt(string answer)
    {
        foreach (var secret in new[] { "Plain0123456789", Awkward })
        {
            var quoted = JsonSerializer.Serialize(secret)[1..^1];
            var page = PageOf(Result(answer.Replace("SECRET", quoted, StringComparison.Ordinal)));

            Assert.Equal(["it"], KnownSecrets.In(page, [new KnownSecret("it", secret), new KnownSecret("another", "not-there")]).Select(found => found.Name));
        }
    }

    [Fact]
    public void Page_OfAnErrorWithASecret_HasIt() =>
        Assert.Single(KnownSecrets.In(PageOf(Result("{}") with { Succeeded = false, ErrorType = "E", ErrorMessage = $"no {Awkward}" }), [new KnownSecret("it", Awkward)]));

    [Fact]
    public void In_JsonOfALog_FindsWhatIsEscaped() =>
        Assert.Single(KnownSecrets.In(JsonSerializer.Serialize(new { password = Awkward }), [new KnownSecret("it", Awkward)]));

    [Fact]
    public void In_AnyText_FindsNoEmptySecret() => Assert.Empty(KnownSecrets.In("text", [new KnownSecret("nothing", "")]));

    [Fact]
    public void ToString_OfASecret_IsNotItsValue() => Assert.Equal("it", $"{new KnownSecret("it", Awkward)}");

    private static string PageOf(InvocationResult result) =>
        HtmlReport.Render(Recorded.Night with { Decisions = [.. AnswerReading.Decisions("RotateSecretFunction", result)] });

    private static InvocationResult Result(string payload) => new()
    {
        RequestId = "1",
        Succeeded = true,
        Payload = Encoding.UTF8.GetBytes(payload),
        Report = new InvocationReport { RequestId = "1", Duration = TimeSpan.FromMilliseconds(5), MemorySizeMB = 512, MaxMemoryUsedMB = 90 },
        At = Recorded.At(20),
    };
}
