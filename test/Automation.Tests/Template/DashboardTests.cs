using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.Lambda.Core;
using Automation.Outcomes;
using Automation.Telemetry;

namespace Automation.Tests.Template;

/// <summary>The dashboard is valid, and shows what the code writes by the names it writes.</summary>
public sealed partial class DashboardTests
{
    private static readonly JsonNode[] Widgets = WidgetsOf(("PrepareDatabases", "act"));

    [Fact]
    public void Dashboard_WhereNobodyWantsIt_IsNotMade() =>
        Assert.DoesNotContain("Dashboard", TemplateTree.Created(("CreateDashboard", "false")).Keys);

    [Fact]
    public void Widgets_FillTheGridAndDoNotOverlap()
    {
        var cells = Widgets.SelectMany(w =>
            from x in Enumerable.Range((int)w["x"]!, (int)w["width"]!)
            from y in Enumerable.Range((int)w["y"]!, (int)w["height"]!)
            select (x, y)).ToList();

        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.Equal((0, 23), (cells.Min(c => c.x), cells.Max(c => c.x)));
        Assert.Equal(24 * (cells.Max(c => c.y) + 1), cells.Count);
    }

    [Fact]
    public void Widgets_AreOfTheRegionOfTheStack() => Assert.All(
        Widgets.Where(w => (string?)w["type"] is "metric" or "log"), w => Assert.Equal("us-east-1", (string?)w["properties"]!["region"]));

    // Each metric of the code has its place, and no place is for a metric that nobody writes.
    [Fact]
    public void Searches_OfOurNamespace_AreExactlyTheMetricsThatTheCodeWrites() => Assert.Equal(
        Written().Order(),
        Searches().Where(s => s.Schema.StartsWith("RdsAutomation,", StringComparison.Ordinal)).Select(s => $"{s.Schema} {s.Metric}").Order());

    [Fact]
    public void Searches_OfLambda_AreOfEveryFunctionOfTheStackAndNoOther()
    {
        var ofLambda = Searches().Where(s => s.Schema == "AWS/Lambda,FunctionName").ToList();

        Assert.Equal(["AsyncEventsDropped", "Duration", "Errors", "Throttles"], ofLambda.Select(s => s.Metric).Order());
        Assert.All(ofLambda, s => Assert.Equal(
            $"FunctionName=({string.Join(" OR ", TemplateTree.Functions.Keys.Select(id => $"\"lab-{id}\""))})", s.Of));
        // CloudWatch takes no longer one; names of functions have up to 64 characters.
        Assert.InRange(200 + TemplateTree.Functions.Count * (64 + " OR ".Length + 2), 0, 1024);
    }

    [Fact]
    public void Queues_AreThere() => Assert.Equal(
        TemplateTree.Deployed().Queues.Select(q => q.Name).Order(),
        Widgets.SelectMany(w => w["properties"]!["metrics"] as JsonArray ?? []).Where(m => (string?)(m![0] as JsonValue) == "AWS/SQS").Select(m => (string)m![3]!).Order());

    [Fact]
    public void Alarms_OnTheAutomation_AreAllThere()
    {
        var stack = TemplateTree.Deployed(("Mode", "act"), ("OffsiteSnapshotAgeAlarmHours", "30"));
        var alarms = WidgetsOf(("Mode", "act"), ("OffsiteSnapshotAgeAlarmHours", "30")).Single(w => (string?)w["type"] == "alarm")["properties"]!["alarms"]!;

        Assert.Equal(stack.Alarms.Select(a => a.Arn).Order(), TemplateTree.Texts(alarms).Order());
    }

    // The query reads the fields of the line that is written for each outcome, not the result with its nested list.
    [Fact]
    public void Outcomes_AreReadByTheFieldsOfTheirLogLine()
    {
        var query = Query();
        var logger = new KeptTemplate();
        Log.OutcomeReached(logger, "connections", new Outcome
        {
            Database = "orders", Kind = "instance", Decision = Decision.Acted, Reason = "r", Summary = "s", Resource = "arn", Details = JsonElement.Parse("{}"),
        });

        var fields = Fields().Match(query).Groups["names"].Value.Split(", ");
        Assert.Equal(["@timestamp", .. Placeholder().Matches(logger.Template).Select(m => m.Groups["name"].Value)], fields);
        var decisions = Quoted().Matches(query[query.IndexOf("filter decision in [", StringComparison.Ordinal)..]).Select(m => m.Groups["text"].Value);
        Assert.Equal(new[] { Decision.Acted, Decision.Refused, Decision.Failed }.Select(d => JsonNamingPolicy.KebabCaseLower.ConvertName(d.ToString())), decisions);
    }

    [Fact]
    public void Outcomes_AreReadFromTheLogOfEveryFunctionThatIsInstalled()
    {
        Assert.Equal(
            TemplateTree.Functions.Keys.Select(id => $"/aws/lambda/lab-{id[..^"Function".Length]}"),
            Sources().Matches(Query(("PrepareDatabases", "act"))).Select(m => m.Groups["name"].Value));
        Assert.Equal(
            ["/aws/lambda/lab-TakeSnapshots", "/aws/lambda/lab-ReconcileSnapshots"],
            Sources().Matches(Query(("InstallConnections", "false"), ("InstallSecrets", "false"), ("InstallFailover", "false"), ("InstallStorage", "false")))
                .Select(m => m.Groups["name"].Value));
    }

    private static JsonNode[] WidgetsOf(params (string, string)[] parameters) =>
        [.. JsonNode.Parse((string)TemplateTree.Created(parameters)["Dashboard"]!["DashboardBody"]!)!["widgets"]!.AsArray().Select(w => w!)];

    private static string Query(params (string, string)[] parameters) =>
        (string)WidgetsOf(parameters).Single(w => (string?)w["type"] == "log")["properties"]!["query"]!;

    private static IEnumerable<(string Schema, string Metric, string Of)> Searches() =>
        from widget in Widgets
        from metric in widget["properties"]!["metrics"] as JsonArray ?? []
        where metric![0] is JsonObject
        let match = Search().Match((string)metric[0]!["expression"]!)
        select match.Success
            ? (match.Groups["schema"].Value, match.Groups["metric"].Value, match.Groups["rest"].Value.Trim())
            : throw new InvalidOperationException($"no search: {metric.ToJsonString()}");

    // One line with every metric of a database, and the line that ends an invocation.
    private static IEnumerable<string> Written()
    {
        MetricValue[] all = [.. typeof(MetricValue).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(m => m.ReturnType == typeof(MetricValue))
            .Select(m => (MetricValue)m.Invoke(null, [Any(m.GetParameters().Single().ParameterType)])!)];
        using var lines = new MemoryStream();
        var writer = new TelemetryWriter(lines, TimeProvider.System);
        writer.WriteDatabase("orders", all);
        writer.WriteResult(new FunctionResult { Capability = "storage", Mode = Mode.Observe, Outcomes = [] });
        return System.Text.Encoding.UTF8.GetString(lines.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!["_aws"]?["CloudWatchMetrics"]![0]).Where(m => m is not null)
            .SelectMany(m => m!["Metrics"]!.AsArray().Select(metric => $"{m["Namespace"]},{m["Dimensions"]![0]![0]} {metric!["Name"]}"));
    }

    private static object Any(Type type) => type == typeof(TimeSpan) ? TimeSpan.FromHours(1) : Convert.ChangeType(1, type, System.Globalization.CultureInfo.InvariantCulture);

    private sealed class KeptTemplate : ILambdaLogger
    {
        public string Template { get; private set; } = "";

        public void Log(string message) => Template = message;

        public void LogLine(string message) => Template = message;

        public void Log(string level, string message, params object[] args) => Template = message;
    }

    [GeneratedRegex("""\ASEARCH\('\{(?<schema>[^}]+)\} MetricName="(?<metric>\w+)"(?<rest>[^']*)', '(Sum|Maximum|Minimum)', \d+\)\z""")]
    private static partial Regex Search();

    [GeneratedRegex(@"\| fields (?<names>[^|]+?) \|")]
    private static partial Regex Fields();

    [GeneratedRegex(@"\{(?<name>\w+)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("'(?<text>[^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex("SOURCE '(?<name>[^']+)'")]
    private static partial Regex Sources();
}
