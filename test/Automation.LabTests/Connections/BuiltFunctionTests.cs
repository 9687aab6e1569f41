using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Automation.Lab;
using Automation.Lab.Incidents;
using Automation.Lab.Screen;
using Automation.Lab.Setup;

namespace Automation.LabTests.Connections;

/// <summary>RelieveConnections as Lambda runs it: the built executable behind the Runtime API.</summary>
public sealed class BuiltFunctionTests(BuiltFunctionFixture fixture) : IClassFixture<BuiltFunctionFixture>
{
    private const string Sample = "cloudwatch-alarm-single-metric";

    private static readonly Dictionary<string, (string Decision, string Reason)> Expected = new()
    {
        ["cloudwatch-alarm-action-composite"] = ("refused", "composite-alarm"),
        ["cloudwatch-alarm-action-single-metric"] = ("nothing-to-do", "usage-at-target"),
        ["cloudwatch-alarm-anomaly-detection"] = ("nothing-to-do", "usage-at-target"),
        ["cloudwatch-alarm-composite"] = ("refused", "composite-alarm"),
        ["cloudwatch-alarm-composite-suppressed"] = ("refused", "alarm-suppressed"),
        ["cloudwatch-alarm-metric-math"] = ("nothing-to-do", "usage-at-target"),
        ["cloudwatch-alarm-no-datapoints"] = ("refused", "no-datapoints"),
        ["cloudwatch-alarm-several-databases"] = ("refused", "several-databases"),
        ["cloudwatch-alarm-single-metric"] = ("nothing-to-do", "usage-at-target"),
        ["cloudwatch-alarm-stale"] = ("refused", "stale-event"),
        ["cloudwatch-alarm-without-dimensions"] = ("refused", "no-database"),
    };

    public static TheoryData<string> Events =>
        [.. Directory.GetFiles(Repository.PathOf("events"), "cloudwatch-alarm-*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Events))]
    public async Task Invoke_EventOfTheRepository_IsAnsweredAsItsNameSays(string name)
    {
        // What is stale must stay so; the others arrive now.
        var payload = name.EndsWith("-stale", StringComparison.Ordinal)
            ? Repository.Read($"events/{name}.json")
            : Encoding.UTF8.GetString(AlarmPayload.Read(name, LocalLab.DatabaseId, DateTimeOffset.UtcNow));

        var result = await fixture.InvokeAsync(payload);

        Assert.True(result.Succeeded, result.ErrorMessage);
        var outcome = FunctionOutcome.Read(result.Payload);
        Assert.Equal(Expected[name], (outcome.Decision, outcome.Reason));
    }

    [Theory]
    [InlineData("/detail/state/value", "5", "detail.state.value")]
    [InlineData("/detail/state/value", null, "detail.state.value")]
    [InlineData("/detail/state/timestamp", "\"yesterday\"", "detail.state.timestamp")]
    [InlineData("/detail/state", "[]", "detail.state")]
    [InlineData("/detail/configuration/metrics", "{}", "detail.configuration.metrics")]
    [InlineData("/detail/configuration/metrics", "[7]", "detail.configuration.metrics[0]")]
    [InlineData("/detail/alarmName", null, "detail.alarmName")]
    [InlineData("/detail", null, "detail")]
    [InlineData("/detail", "\"text\"", "detail")]
    [InlineData("/detail-type", "\"CloudWatch Alarm Configuration Change\"", "detail-type")]
    [InlineData("/source", "\"aws.rds\"", "source")]
    [InlineData("/resources", "[]", "resources")]
    [InlineData("/account", "123", "account")]
    [InlineData("/time", "null", "time")]
    public async Task Invoke_FieldMissingOrOfAnotherType_IsNamed(string fieldPath, string? json, string field)
    {
        var before = await fixture.ItemsAsync();
        var logins = fixture.Lab.Database.Gate.Counts.Authenticated;

        var result = await fixture.InvokeAsync(Changed(fieldPath, json));

        Assert.False(result.Succeeded);
        Assert.Equal("InvalidInputException", result.ErrorType);
        Assert.StartsWith(field, result.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(before.Count, (await fixture.ItemsAsync()).Count);
        Assert.Equal(logins, fixture.Lab.Database.Gate.Counts.Authenticated);
    }

    [Theory]
    [InlineData("{\"source\": \"aws.cloudwatch\", \"detail\": {\"state\"")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"ALARM\"")]
    [InlineData("{}")]
    public async Task Invoke_NoAlarmAtAll_FailsAndTheNextEventIsServed(string payload)
    {
        var before = await fixture.ItemsAsync();

        var result = await fixture.InvokeAsync(payload);

        Assert.False(result.Succeeded);
        Assert.NotEmpty(result.ErrorMessage ?? "");
        Assert.Equal(before.Count, (await fixture.ItemsAsync()).Count);
        var next = await fixture.InvokeAsync(Encoding.UTF8.GetString(AlarmPayload.Read(Sample, LocalLab.DatabaseId, DateTimeOffset.UtcNow)));
        Assert.True(next.Succeeded, next.ErrorMessage);
    }

    [Theory]
    [InlineData("LEDGER_TABLE_NAME", "")]
    [InlineData("LEDGER_TABLE_NAME", "a b")]
    [InlineData("NOTIFICATION_TOPIC_ARN", "")]
    [InlineData("NOTIFICATION_TOPIC_ARN", "orders-topic")]
    [InlineData("MODE", "maybe")]
    [InlineData("TAG_PREFIX", "aws:mine")]
    [InlineData("STAGING_TAG", "staging")]
    [InlineData("DATABASE_USER", "pg_monitor")]
    [InlineData("CA_BUNDLE_PATH", "/nowhere/bundle.pem")]
    [InlineData("ANNOTATIONS_HANDLER", "RelieveEverything")]
    public async Task Invoke_VariableMissingOrMalformed_IsNamed(string variable, string value)
    {
        var before = await fixture.ItemsAsync();
        await using var function = await fixture.StartAsync(new Dictionary<string, string> { [variable] = value });

        var result = await function.InvokeAsync(AlarmPayload.Read(Sample, LocalLab.DatabaseId, DateTimeOffset.UtcNow), Cancellation);

        Assert.False(result.Succeeded);
        Assert.Contains(variable, result.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(before.Count, (await fixture.ItemsAsync()).Count);
    }

    [Fact]
    public async Task Invoke_MalformedTag_IsToldWithItsWord()
    {
        var before = await fixture.ItemsAsync();
        await fixture.Lab.Account.RegisterAsync(fixture.Lab.Database.Registration with
        {
            Id = "mistagged",
            Tags = new Dictionary<string, string> { ["automation:connections"] = "act target=seventy" },
        }, Cancellation);

        var result = await fixture.InvokeAsync(Encoding.UTF8.GetString(AlarmPayload.Read(Sample, "mistagged", DateTimeOffset.UtcNow)));

        var outcome = FunctionOutcome.Read(result.Payload);
        Assert.Equal(("refused", "malformed-tag"), (outcome.Decision, outcome.Reason));
        Assert.Contains("target=seventy", outcome.Summary, StringComparison.Ordinal);
        Assert.Equal(before.Count, (await fixture.ItemsAsync()).Count);
        Assert.Contains(fixture.Lab.Account.Notifications.Entries, message => message.Attributes.GetValueOrDefault("database") == "mistagged"
            && message.TextFor("email").Contains("target=seventy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Storm_FromAlarmToRelief_HoldsEveryCheckAndLeaksNoSecret()
    {
        var checks = await new ConnectionStormIncident(fixture.Lab, new Silence()).RunAsync(Cancellation);

        Assert.All(checks, check => Assert.True(check.Holds, $"{check.Claim}: {check.Seen}"));
        Assert.True(checks.Count >= 10, $"{checks.Count} checks");

        var written = new Dictionary<string, string>
        {
            ["the functions' log"] = Joined(fixture.Lab.Functions.Logs.Entries.Concat(fixture.Lab.Observers.Logs.Entries).Select(line => line.Line)),
            ["the notifications"] = Joined(fixture.Lab.Account.Notifications.Entries.Select(told => JsonSerializer.Serialize(told))),
            ["the ledger"] = Joined((await fixture.ItemsAsync()).SelectMany(item => item).Select(attribute => $"{attribute.Key}={attribute.Value.S}{attribute.Value.N}")),
            ["PostgreSQL's log"] = Joined(fixture.Lab.Database.Server.Log),
            ["the answers"] = Joined(fixture.Lab.Functions.Invocations.Entries.Select(call => Encoding.UTF8.GetString(call.Result.Payload.Span))),
        };
        var role = fixture.Lab.Account.Roles.CredentialsOf(ConnectionStormIncident.Function);
        string[] secrets = [role.SecretAccessKey, role.SessionToken!, "X-Amz-Signature", "X-Amz-Security-Token"];
        Assert.All(written, place =>
        {
            Assert.NotEmpty(place.Value);
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, place.Value, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(Uri.EscapeDataString(secrets[0]), place.Value, StringComparison.OrdinalIgnoreCase);
        });
    }

    private static string Joined(IEnumerable<string> lines) => string.Join('\n', lines);

    private static string Changed(string fieldPath, string? json)
    {
        var root = JsonNode.Parse(AlarmPayload.Read(Sample, LocalLab.DatabaseId, DateTimeOffset.UtcNow))!.AsObject();
        var path = fieldPath[1..].Split('/');
        var parent = path[..^1].Aggregate(root, (node, name) => node[name]!.AsObject());
        if (json is null) Assert.True(parent.Remove(path[^1]));
        else parent[path[^1]] = JsonNode.Parse(json);
        return root.ToJsonString();
    }

    /// <summary>Tells nothing: the checks speak.</summary>
    private sealed class Silence : IStory
    {
        public void Chapter(string title)
        {
        }

        public void Open(Scene scene)
        {
        }

        public void Happened(string what)
        {
        }

        public void Saw(Sighting sighting)
        {
        }

        public void Decided(Decision decision)
        {
        }

        public void Proof()
        {
        }

        public Task<T> StepAsync<T>(string title, Func<Task<T>> work, Func<T, string> result) => work();

        public void Line(string text)
        {
        }

        public void Table(string title, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
        {
        }

        public void Message(string subject, string text)
        {
        }

        public void Check(Check check)
        {
        }
    }
}
