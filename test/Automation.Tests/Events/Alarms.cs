using System.Text.Json;
using System.Text.Json.Nodes;
using Automation.Events;

namespace Automation.Tests.Events;

/// <summary>Alarm state changes as AWS sends them, to be bent by the tests.</summary>
internal static class Alarms
{
    public static readonly DateTimeOffset ChangedAt = new(2026, 3, 1, 12, 0, 0, 989, TimeSpan.Zero);

    public const string Arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders-connections";

    public static JsonNode EventBridge(params JsonNode[] metrics) => JsonNode.Parse($$"""
        {
          "version": "0", "id": "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92", "detail-type": "CloudWatch Alarm State Change",
          "source": "aws.cloudwatch", "account": "123456789012", "time": "2026-03-01T12:00:01Z", "region": "us-east-1",
          "resources": ["{{Arn}}"],
          "detail": {
            "alarmName": "orders-connections",
            "configuration": { "description": "text", "metrics": [] },
            "previousState": { "value": "OK", "timestamp": "2026-03-01T10:56:40.987+0000", "reason": "Threshold Crossed" },
            "state": {
              "value": "ALARM", "timestamp": "2026-03-01T12:00:00.989+0000", "reason": "Threshold Crossed: 1 out of 1",
              "reasonData": "{\"version\":\"1.0\",\"statistic\":\"Average\",\"period\":60,\"recentDatapoints\":[99.5],\"threshold\":50.0}"
            }
          }
        }
        """)!.With("detail.configuration.metrics", new JsonArray(metrics.Length > 0 ? metrics : [Metric("DatabaseConnections", ("DBInstanceIdentifier", "orders"))]));

    public static JsonNode DirectAction() => JsonNode.Parse($$"""
        {
          "source": "aws.cloudwatch", "alarmArn": "{{Arn}}", "accountId": "123456789012",
          "time": "2026-03-01T12:00:01.490+0000", "region": "us-east-1",
          "alarmData": {
            "alarmName": "orders-connections",
            "state": { "value": "ALARM", "reason": "...", "timestamp": "2026-03-01T12:00:00.989+0000" },
            "previousState": { "value": "INSUFFICIENT_DATA", "reason": "...", "timestamp": "2026-03-01T11:31:29.595+0000" },
            "configuration": { "description": "text", "metrics": [] }
          }
        }
        """)!.With("alarmData.configuration.metrics", new JsonArray(Metric("DatabaseConnections", ("DBInstanceIdentifier", "orders"))));

    public static JsonNode Metric(string name, params (string Name, string Value)[] dimensions) => JsonNode.Parse($$"""
        { "id": "m1", "metricStat": { "metric": { "namespace": "AWS/RDS", "name": "{{name}}", "dimensions": {} }, "period": 60, "stat": "Average" }, "returnData": true }
        """)!.With("metricStat.metric.dimensions",
        new JsonObject(dimensions.Select(dimension => KeyValuePair.Create(dimension.Name, (JsonNode?)JsonValue.Create(dimension.Value)))));

    public static JsonNode Expression(string expression) =>
        JsonNode.Parse($$"""{ "id": "e1", "expression": "{{expression}}", "label": "computed", "returnData": true }""")!;

    /// <summary>Sets the member at a path; creates what is missing on the way.</summary>
    public static JsonNode With(this JsonNode node, string path, JsonNode? value)
    {
        var names = path.Split('.');
        var parent = node;
        foreach (var name in names[..^1]) parent = parent[name] ??= new JsonObject();
        parent[names[^1]] = value;
        return node;
    }

    public static JsonNode Without(this JsonNode node, string path)
    {
        var names = path.Split('.');
        names[..^1].Aggregate(node, (parent, name) => parent[name]!).AsObject().Remove(names[^1]);
        return node;
    }

    public static JsonElement Element(this JsonNode? node) => JsonElement.Parse(node?.ToJsonString() ?? "null");

    public static AlarmStateChange Read(this JsonNode node) => AlarmStateChangeReader.Read(node.Element());
}
