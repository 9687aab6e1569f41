using System.Text.Json;
using System.Text.Json.Nodes;
using Automation.Events;
using FsCheck;
using FsCheck.Fluent;
using static Automation.Tests.Events.Alarms;

namespace Automation.Tests.Events;

/// <summary>Whatever arrives, it is read, refused or named as wrong: never a crash, and never a database it does not name.</summary>
public sealed class AlarmInputProperties
{
    private static readonly string[] Leaves =
    [
        "null", "true", "7", "-1.5e300", "\"\"", "\"ALARM\"", "\"aws.cloudwatch\"", "\"AWS/RDS\"", "\"orders\"", "\"ORDERS\"",
        "\"billing\"", "\"DatabaseConnections\"", "\"2026-03-01T12:00:00.989+0000\"", "\"9999-12-31T23:59:59.999-1400\"",
        "\"0001-01-01T00:00:00.000+1400\"", "\"\\ud800\"", "\"\\u0000\\r\\n\"", "\"{\\\"recentDatapoints\\\":[\"", "{}", "[]",
    ];

    private static readonly string[] Names =
    [
        "source", "detail", "alarmData", "state", "value", "timestamp", "reasonData", "configuration", "metrics", "metricStat", "metric",
        "dimensions", "DBInstanceIdentifier", "DBClusterIdentifier", "Role", "namespace", "name", "resources", "\\ud800",
    ];

    private static Gen<string> Json(int depth) => depth == 0
        ? Gen.Elements(Leaves)
        : Gen.OneOf(
            Gen.Elements(Leaves),
            Json(depth - 1).ListOf().Select(items => $"[{string.Join(',', items.Take(4))}]"),
            Gen.Elements(Names).Zip(Json(depth - 1), (name, value) => $"\"{name}\":{value}").ListOf()
                .Select(members => $"{{{string.Join(',', members.Take(6))}}}"));

    // A real event with up to three places replaced by anything.
    private static readonly Gen<string> BentEvent =
        from direct in Gen.Elements(true, false)
        from bends in Gen.Choose(0, 1 << 20).Zip(Json(2), (place, value) => (Place: place, Value: value)).ListOf()
        select Bend((direct ? DirectAction() : EventBridge()).ToJsonString(), bends.Take(3));

    private static string Bend(string json, IEnumerable<(int Place, string Value)> bends) => bends.Aggregate(json, (text, bend) =>
    {
        var values = Values(text);
        var (start, length) = values[bend.Place % values.Count];
        return string.Concat(text.AsSpan(0, start), bend.Value, text.AsSpan(start + length));
    });

    // The place of every string, number and literal that is a value. All text of the samples is ASCII: bytes are characters.
    private static List<(int Start, int Length)> Values(string json)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.ASCII.GetBytes(json));
        var values = new List<(int, int)>();
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)
                values.Add(((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex)));
        return values;
    }

    private static AlarmTarget? Target(string json)
    {
        try
        {
            return AlarmTargetRules.Find(AlarmStateChangeReader.Read(JsonElement.Parse(json)), "DatabaseConnections", ChangedAt);
        }
        catch (InvalidInputException e) when (e.Message.StartsWith(e.Field + ": expected ", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static bool IsSound(string json) => Target(json) switch
    {
        null or AlarmTarget.NotInAlarm => true,
        AlarmTarget.Refused refused => !refused.Sentence.Any(char.IsControl) && refused.Sentence.EndsWith('.'),
        AlarmTarget.Instance instance => IsNamed(instance.Id, json),
        AlarmTarget.Cluster cluster => IsNamed(cluster.Id, json),
        var other => throw new InvalidOperationException(other.ToString()),
    };

    private static bool IsNamed(string id, string json) =>
        !id.Any(char.IsAsciiLetterUpper) && json.Contains($"\"{id}\"", StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void Find_AnyJson_NeverCrashes() =>
        Prop.ForAll(Json(5).ToArbitrary(), IsSound).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Find_BentEvent_NeverCrashesNorInventsADatabase() =>
        Prop.ForAll(BentEvent.ToArbitrary(), IsSound).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Find_UnbentEvent_IsFound() => Assert.IsType<AlarmTarget.Instance>(Target(EventBridge().ToJsonString()));

    [Fact]
    public void Parse_AnyReasonData_NeverCrashes() =>
        Prop.ForAll(Gen.OneOf(Json(4), ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "")).ToArbitrary(),
                text => AlarmEvidence.Parse(text).RecentDatapoints.All(double.IsFinite))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Read_HugeEvent_IsRead()
    {
        var metrics = Enumerable.Range(0, 5_000).Select(_ => Metric("DatabaseConnections", ("DBInstanceIdentifier", "orders"))).ToArray<JsonNode>();
        var input = EventBridge(metrics).With("detail.state.reason", new string('x', 5_000_000));

        Assert.Equal(new AlarmTarget.Instance("orders"), Target(input.ToJsonString()));
    }
}
