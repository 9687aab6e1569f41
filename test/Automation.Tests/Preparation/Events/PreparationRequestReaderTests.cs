using System.Text.Json;
using Automation.Events;
using Automation.Outcomes;
using Automation.Tests.Template;

namespace Automation.Tests.Preparation.Events;

public sealed class PreparationRequestReaderTests
{
    private const string Plan = "prepare-by-hand", Act = "prepare-by-hand-act";

    /// <summary>Every file of this function.</summary>
    public static IEnumerable<string> Files => [Plan, Act];

    [Fact]
    public void Read_DatabaseAlone_AsksForAPlanWithTheScriptsDefaults()
    {
        var request = PreparationRequestReader.Read(EventFiles.Read(Plan));

        Assert.Equal(("orders", Mode.Observe, "postgres", false), (request.Id, request.Mode, request.In, request.TestsFailover));
        Assert.Empty(request.Rotates);
    }

    [Fact]
    public void Read_EveryMember_IsTaken()
    {
        var request = PreparationRequestReader.Read(EventFiles.Read(Act));

        Assert.Equal(("orders", Mode.Act, "appdb", true), (request.Id, request.Mode, request.In, request.TestsFailover));
        Assert.Equal(["orders_a", "orders_b"], request.Rotates);
    }

    // Nothing of EventBridge sets it off.
    [Fact]
    public void Files_ReachNobodyByThemselves() => Assert.All(Files, name => Assert.Empty(EventFiles.FunctionsReachedBy(EventFiles.Read(name))));

    [Theory]
    [InlineData("""{"detail":{"database":"Orders","mode":null,"in":null,"rotates":null,"testsFailover":null}}""")]
    [InlineData("""{"detail":{"database":"orders","mode":"observe","rotates":[],"testsFailover":false}}""")]
    public void Read_MembersThatSayTheDefault_AreLeftOut(string json)
    {
        var request = Read(json);

        Assert.Equal(("orders", Mode.Observe, "postgres", false, 0), (request.Id, request.Mode, request.In, request.TestsFailover, request.Rotates.Count));
    }

    [Fact]
    public void Read_NamesThatNeedQuotes_AreTakenAsTheyStand()
    {
        var request = Read("""{"detail":{"database":"orders","in":"App; DB","rotates":["Orders A","o'brien"]}}""");

        Assert.Equal(("App; DB", "Orders A|o'brien"), (request.In, string.Join('|', request.Rotates)));
    }

    /// <summary>What is misspelt must take nothing back, nor act where somebody wanted to look.</summary>
    [Theory]
    [InlineData("[]", "event")]
    [InlineData("null", "event")]
    [InlineData("{}", "detail")]
    [InlineData("""{"database":"orders"}""", "database")]
    [InlineData("""{"detail":"orders"}""", "detail")]
    [InlineData("""{"detail":{}}""", "detail.database")]
    [InlineData("""{"detail":{"database":"arn:aws:rds:us-east-1:123456789012:db:orders"}}""", "detail.database")]
    [InlineData("""{"detail":{"database":"orders","database":"invoices"}}""", "detail.database")]
    [InlineData("""{"detail":{"database":"orders","mode":"apply"}}""", "detail.mode")]
    [InlineData("""{"detail":{"database":"orders","mode":"Act"}}""", "detail.mode")]
    [InlineData("""{"detail":{"database":"orders","Mode":"act"}}""", "detail.Mode")]
    [InlineData("""{"detail":{"database":"orders","rotate":["a"]}}""", "detail.rotate")]
    [InlineData("""{"detail":{"database":"orders","password":"canary"}}""", "detail.password")]
    [InlineData("""{"detail":{"database":"orders","sql":"DROP ROLE a"}}""", "detail.sql")]
    [InlineData("""{"detail":{"database":"orders","adopt":true}}""", "detail.adopt")]
    [InlineData("""{"detail":{"database":"orders"},"source":"aws.events"}""", "source")]
    [InlineData("""{"detail":{"database":"orders","in":""}}""", "detail.in")]
    [InlineData("""{"detail":{"database":"orders","in":"a\nb"}}""", "detail.in")]
    [InlineData("""{"detail":{"database":"orders","in":7}}""", "detail.in")]
    [InlineData("""{"detail":{"database":"orders","rotates":"a"}}""", "detail.rotates")]
    [InlineData("""{"detail":{"database":"orders","rotates":["a","b,c"]}}""", "detail.rotates[1]")]
    [InlineData("""{"detail":{"database":"orders","rotates":[" a"]}}""", "detail.rotates[0]")]
    [InlineData("""{"detail":{"database":"orders","rotates":[""]}}""", "detail.rotates[0]")]
    [InlineData("""{"detail":{"database":"orders","rotates":["a234567890123456789012345678901234567890123456789012345678901234"]}}""", "detail.rotates[0]")]
    [InlineData("""{"detail":{"database":"orders","testsFailover":"true"}}""", "detail.testsFailover")]
    public void Read_Malformed_NamesTheFieldAndQuotesNoValue(string json, string field)
    {
        var refusal = Assert.Throws<InvalidInputException>(() => Read(json)).Message;

        Assert.StartsWith($"{field}: ", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MoreRolesThanAServerHasApplications_IsRefused() => Assert.StartsWith("detail.rotates: ",
        Assert.Throws<InvalidInputException>(() => Read($$$"""{"detail":{"database":"orders","rotates":[{{{string.Join(',', Enumerable.Range(0, 101).Select(n => $"\"r{n}\""))}}}]}}""")).Message,
        StringComparison.Ordinal);

    private static PreparationRequest Read(string json) => PreparationRequestReader.Read(JsonElement.Parse(json));
}
