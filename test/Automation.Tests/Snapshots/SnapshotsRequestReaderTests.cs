using System.Text.Json;
using Automation.Events;
using Automation.Fleet;
using Automation.Outcomes;

namespace Automation.Tests.Snapshots;

public sealed class SnapshotsRequestReaderTests
{
    private static SnapshotsRequest Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return SnapshotsRequestReader.Read(document.RootElement);
    }

    [Fact]
    public void Read_Schedule_IsEverything() =>
        Assert.IsType<SnapshotsRequest.Everything>(Read("""{"source":"aws.events","detail-type":"Scheduled Event","detail":{}}"""));

    [Fact]
    public void Read_ByHand_IsOneDatabase()
    {
        Assert.Equal(new SnapshotsRequest.OneDatabase("orders", Mode.Act), Read("""{"detail":{"database":"Orders"}}"""));
        Assert.Equal(new SnapshotsRequest.OneDatabase("orders", Mode.Observe), Read("""{"detail":{"database":"orders","mode":"observe"}}"""));
    }

    [Theory]
    [InlineData("snapshot", DatabaseKind.Instance)]
    [InlineData("cluster-snapshot", DatabaseKind.Cluster)]
    public void Read_Event_IsTheSnapshotOfTheArn(string word, object kind) => Assert.Equal(
        new SnapshotsRequest.SnapshotEvent((DatabaseKind)kind, "auto-orders-20261121-0600"),
        Read($$$"""{"source":"aws.rds","detail":{"SourceIdentifier":"other","SourceArn":"arn:aws:rds:eu-central-1:123456789012:{{{word}}}:auto-orders-20261121-0600"}}"""));

    /// <summary>What is misspelt must not set off all databases, nor act where somebody wanted to look.</summary>
    [Theory]
    [InlineData("""{}""", "detail.database")]
    [InlineData("""{"database":"orders"}""", "detail.database")]
    [InlineData("""{"detail":{}}""", "detail.database")]
    [InlineData("""{"detail":{"database":null}}""", "detail.database")]
    [InlineData("""{"detail":{"databse":"orders"}}""", "detail.database")]
    [InlineData("""{"source":"aws.events","detail":{"databse":"orders"}}""", "databse")]
    [InlineData("""{"detail":{"database":"orders","Mode":"observe"}}""", "Mode")]
    [InlineData("""{"detail":{"database":"orders","mode":"observed"}}""", "detail.mode")]
    [InlineData("""{"source":"aws.events","detail":{"mode":"observe"}}""", "detail.database")]
    [InlineData("""{"detail":{"database":"-orders"}}""", "detail.database")]
    [InlineData("""{"detail":"orders"}""", "detail")]
    [InlineData("""{"source":"aws.s3"}""", "source")]
    [InlineData("""{"source":"aws.rds","detail":{}}""", "detail.SourceArn")]
    [InlineData("""{"source":"aws.rds","detail":{"SourceArn":"arn:aws:rds:eu-central-1:123456789012:db:orders"}}""", "detail.SourceArn")]
    public void Read_Malformed_NamesTheField(string json, string field) =>
        Assert.Contains(field, Assert.Throws<InvalidInputException>(() => Read(json)).Message, StringComparison.Ordinal);
}
