using System.Text.Json;
using Automation.Events;
using Automation.Outcomes;

namespace Automation.Tests.Storage.Events;

public sealed class StorageRequestReaderTests
{
    private const string Low = """
        {
          "id": "6f1a3c52-90d4-4b1e-8a77-3d2c5e000089", "source": "aws.rds", "detail-type": "RDS DB Instance Event",
          "detail": { "EventID": "RDS-EVENT-0089", "SourceArn": "arn:aws:rds:us-east-1:123456789012:db:orders", "Date": "2026-01-14T03:00:15.530Z" }
        }
        """;

    private static StorageRequest Read(string json) => StorageRequestReader.Read(JsonElement.Parse(json));

    [Fact]
    public void Read_Event_IsTheInstanceOfTheArn()
    {
        var expected = new StorageRequest.Low(
            "orders", "123456789012", new DateTimeOffset(2026, 1, 14, 3, 0, 15, 530, TimeSpan.Zero), "RDS-EVENT-0089", "6f1a3c52-90d4-4b1e-8a77-3d2c5e000089");

        Assert.Equal(expected, Read(Low));
        // RDS stores identifiers in lower case; SourceIdentifier is for people.
        Assert.Equal(expected, Read(Low.Replace("db:orders", "db:Orders", StringComparison.Ordinal).Replace("\"Date\"", "\"SourceIdentifier\": \"invoices\", \"Date\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("RDS-EVENT-0007")]
    [InlineData("RDS-EVENT-0221")]
    [InlineData("RDS-EVENT-0222")]
    public void Read_EventOfAnotherKnownId_IsTaken(string code) =>
        Assert.Equal(code, Assert.IsType<StorageRequest.Low>(Read(Low.Replace("RDS-EVENT-0089", code, StringComparison.Ordinal))).Code);

    [Theory]
    [InlineData("arn:aws-us-gov:rds:us-gov-west-1:123456789012:db:orders")]
    [InlineData("arn:aws-cn:rds:cn-north-1:123456789012:db:orders")]
    public void Read_EventOfAnotherPartition_IsTaken(string arn) => Assert.Equal("orders",
        Assert.IsType<StorageRequest.Low>(Read(Low.Replace("arn:aws:rds:us-east-1:123456789012:db:orders", arn, StringComparison.Ordinal))).Id);

    // Whose event it is decides whether it is followed: it is told as it stands, and held against the instance that is found.
    [Fact]
    public void Read_EventOfAnotherAccount_SaysWhose() => Assert.Equal("999999999999",
        Assert.IsType<StorageRequest.Low>(Read(Low.Replace("123456789012", "999999999999", StringComparison.Ordinal))).Account);

    [Theory]
    [InlineData("""{"detail":{"database":"Orders"}}""", Mode.Act)]
    [InlineData("""{"detail":{"database":"orders","mode":"act"}}""", Mode.Act)]
    [InlineData("""{"detail":{"database":"orders","mode":"observe"}}""", Mode.Observe)]
    internal void Read_ByHand_IsOneDatabase(string json, Mode mode) => Assert.Equal(new StorageRequest.OneDatabase("orders", mode), Read(json));

    [Fact]
    public void Read_ScheduledEvent_IsEverything() =>
        Assert.Equal(new StorageRequest.Everything("2e9f4d10"), Read("""{"id":"2e9f4d10","source":"aws.events","detail-type":"Scheduled Event","detail":{}}"""));

    [Theory]
    [InlineData("RDS-EVENT-0089", "RDS-EVENT-0227", "detail.EventID")] // Aurora's
    [InlineData("RDS-EVENT-0089", "RDS-EVENT-0217", "detail.EventID")] // of autoscaling
    [InlineData("RDS-EVENT-0089", "", "detail.EventID")]
    [InlineData("\"EventID\": \"RDS-EVENT-0089\", ", "", "detail.EventID")]
    [InlineData("\"RDS-EVENT-0089\"", "89", "detail.EventID")]
    [InlineData("RDS DB Instance Event", "RDS DB Cluster Event", "detail-type")]
    [InlineData(":db:orders", ":cluster:orders", "detail.SourceArn")]
    [InlineData(":db:orders", ":db:orders;drop", "detail.SourceArn")]
    [InlineData(":db:orders", ":db:", "detail.SourceArn")]
    [InlineData(":db:orders", ":db:0rders", "detail.SourceArn")]
    [InlineData("arn:aws:rds:us-east-1:123456789012:db:orders", "orders", "detail.SourceArn")]
    [InlineData(":123456789012:", ":12345:", "detail.SourceArn")]
    [InlineData("2026-01-14T03:00:15.530Z", "yesterday", "detail.Date")]
    [InlineData("\"id\": \"6f1a3c52-90d4-4b1e-8a77-3d2c5e000089\", ", "", "id")]
    [InlineData("\"source\": \"aws.rds\"", "\"source\": \"aws.s3\"", "source")]
    [InlineData("\"source\": \"aws.rds\"", "\"source\": 7", "source")]
    public void Read_EventThatIsBent_NamesTheField(string text, string other, string field)
    {
        var bent = Low.Replace(text, other, StringComparison.Ordinal);

        Assert.NotEqual(Low, bent);
        Assert.StartsWith($"{field}: ", Refusal(bent), StringComparison.Ordinal);
    }

    /// <summary>What is misspelt must grow nothing, nor act where somebody wanted to look.</summary>
    [Theory]
    [InlineData("{}", "detail.database")]
    [InlineData("""{"database":"orders"}""", "detail.database")]
    [InlineData("""{"detail":{}}""", "detail.database")]
    [InlineData("""{"detail":{"databse":"orders"}}""", "detail.database")]
    [InlineData("""{"detail":{"database":"orders","Mode":"observe"}}""", "detail.Mode")]
    [InlineData("""{"detail":{"database":"orders","mode":"observed"}}""", "detail.mode")]
    [InlineData("""{"detail":{"database":"arn:aws:rds:us-east-1:123456789012:db:orders"}}""", "detail.database")]
    [InlineData("""{"detail":"orders"}""", "detail")]
    [InlineData("[]", "event")]
    [InlineData("null", "event")]
    [InlineData("""{"source":"aws.events","detail-type":"Scheduled Event","detail":{"databse":"orders"}}""", "detail.databse")]
    [InlineData("""{"source":"aws.cloudwatch","detail":{}}""", "detail-type")]
    public void Read_Malformed_NamesTheField(string json, string field) => Assert.StartsWith($"{field}: ", Refusal(json), StringComparison.Ordinal);

    // A message is one line of a log, whatever somebody put into the event.
    [Fact]
    public void Read_HostileText_StaysOnOneShortLine()
    {
        var refusal = Refusal(Low.Replace("RDS-EVENT-0089", "RDS\\nEVENT" + new string('x', 5000), StringComparison.Ordinal));

        Assert.DoesNotContain('\n', refusal);
        Assert.InRange(refusal.Length, 1, 400);
    }

    private static string Refusal(string json) => Assert.Throws<InvalidInputException>(() => Read(json)).Message;
}
