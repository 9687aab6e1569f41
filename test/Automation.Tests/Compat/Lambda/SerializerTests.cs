using System.Text;
using System.Text.Json.Serialization;
using Amazon.Lambda.CloudWatchEvents.ScheduledEvents;
using Amazon.Lambda.Serialization.SystemTextJson;

namespace Automation.Tests.Compat.Lambda;

/// <summary>The serializer's defaults, which differ from those of System.Text.Json and of the context.</summary>
public sealed class SerializerTests
{
    private static readonly SourceGeneratorLambdaJsonSerializer<SerializerTestsJson> Serializer = new();

    [Fact]
    public void Serialize_NamesOfTheContextAreCamelCase_WritesPascalCaseWithoutNulls() => Assert.Equal(
        """{"Name":"orders <é>","renamed":1,"Bytes":[1,255],"Stream":"AQI="}""",
        Write(new Sample { Name = "orders <é>", Renamed = 1, Bytes = [1, 255], Stream = new MemoryStream([1, 2]) }));

    [Theory]
    [InlineData("""{"name":"orders"}""")]
    [InlineData("""{"NAME":"orders"}""")]
    [InlineData("""{"Name":"orders","unknown":{}}""")]
    public void Deserialize_NamesInAnyCase_AreRead(string json) => Assert.Equal("orders", Read<Sample>(json).Name);

    [Theory]
    [InlineData("""{"Bytes":[1,255]}""")]
    [InlineData("""{"Bytes":"Af8="}""")]
    public void Deserialize_BytesAsListOrBase64_AreRead(string json) => Assert.Equal([1, 255], Read<Sample>(json).Bytes);

    [Theory]
    [InlineData("\"2026-03-01T04:05:06Z\"")]
    [InlineData("1772337906")]
    public void Deserialize_TimeAsTextOrSeconds_IsRead(string time) => Assert.Equal(
        new DateTime(2026, 3, 1, 4, 5, 6, DateTimeKind.Utc), Read<ScheduledEvent>($$"""{"time":{{time}}}""").Time);

    [Fact]
    public void Deserialize_EventBridgeEnvelope_ReadsTheHyphenatedName() =>
        Assert.Equal("Scheduled Event", Read<ScheduledEvent>("""{"detail-type":"Scheduled Event"}""").DetailType);

    [Theory]
    [InlineData("""{"Name":""", "LineNumber: 0 | BytePositionInLine: 8")]
    [InlineData("""{"Name":{}}""", "Path: $.Name | LineNumber: 0 | BytePositionInLine: 9")]
    public void Deserialize_NotReadable_NamesTypeAndPosition(string json, string position)
    {
        var error = Assert.Throws<JsonSerializerException>(() => Read<Sample>(json));

        Assert.StartsWith("Error converting the Lambda event JSON payload to type Automation.Tests.Compat.Lambda.Sample: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(position, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deserialize_TypeOutsideTheContext_IsNamed()
    {
        var error = Assert.Throws<JsonSerializerException>(() => Read<Uri>("\"https://example.com\""));

        Assert.EndsWith(
            "No JsonTypeInfo registered in Automation.Tests.Compat.Lambda.SerializerTestsJson for type System.Uri.",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Serialize_TypeOutsideTheContext_IsNamed()
    {
        var error = Assert.Throws<JsonSerializerException>(() => Write(new Version(1, 2)));

        Assert.StartsWith("Error converting the response object of type System.Version from the Lambda function to JSON: ",
            error.Message, StringComparison.Ordinal);
    }

    private static T Read<T>(string json) => Serializer.Deserialize<T>(new MemoryStream(Encoding.UTF8.GetBytes(json)));

    private static string Write<T>(T value)
    {
        using var stream = new MemoryStream();
        Serializer.Serialize(value, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

public sealed record Sample
{
    public string? Name { get; init; }

    [JsonPropertyName("renamed")]
    public int Renamed { get; init; }

    public string? Nothing { get; init; }

    public byte[]? Bytes { get; init; }

    public MemoryStream? Stream { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Sample))]
[JsonSerializable(typeof(ScheduledEvent))]
internal sealed partial class SerializerTestsJson : JsonSerializerContext;
