using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Automation.Lab.Account;
using Automation.Lab.Template;

namespace Automation.Tests.Lab.Account;

public sealed class EventBusTests
{
    private const string Yaml = """
        Resources:
          Failed: { Type: AWS::SQS::Queue }
          Undelivered: { Type: AWS::SQS::Queue }
          Heal:
            Type: AWS::Serverless::Function
            Properties:
              Handler: Automation
              EventInvokeConfig:
                MaximumRetryAttempts: 1
                MaximumEventAgeInSeconds: 900
                DestinationConfig: { OnFailure: { Destination: !GetAtt Failed.Arn } }
              Events:
                Alarm:
                  Type: EventBridgeRule
                  Properties:
                    Pattern: { source: [aws.cloudwatch], detail: { state: { value: [ALARM] } } }
                    RetryPolicy: { MaximumRetryAttempts: 3 }
                    DeadLetterConfig: { Arn: !GetAtt Undelivered.Arn }
                Off: { Type: EventBridgeRule, Properties: { State: DISABLED, Pattern: { source: [off] } } }
          Plain:
            Type: AWS::Serverless::Function
            Properties:
              Handler: Automation
              ReservedConcurrentExecutions: 1
              Events:
                Any: { Type: EventBridgeRule, Properties: { Pattern: { source: [plain] } } }
                Daily: { Type: Schedule, Properties: { Schedule: rate(1 day) } }
                Fixed: { Type: EventBridgeRule, Properties: { Pattern: { source: [fixed] }, Input: '{"fixed": true}' } }
          Impatient:
            Type: AWS::Serverless::Function
            Properties:
              Handler: Automation
              EventInvokeConfig: { MaximumEventAgeInSeconds: 120 }
              DeadLetterQueue: { Type: SQS, TargetArn: !GetAtt Failed.Arn }
              Events:
                Any: { Type: EventBridgeRule, Properties: { Pattern: { source: [impatient] } } }
        """;

    private static readonly DateTimeOffset Start = new(2024, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private readonly SkippingTime time = new(Start);
    private readonly RecordingInvoker functions = new();

    [Fact]
    public async Task Put_FunctionFailsOnce_RetryKeepsTheRequestIdAndADuplicateHasItsOwn()
    {
        await using var bus = Bus(new DeliveryFaults { Duplicated = 1 });
        functions.FailuresLeft = 2;

        bus.Put(Event("aws.cloudwatch", "ALARM"));
        await bus.IdleAsync(cancellation);

        Assert.Equal([2, 2], functions.RequestIds.CountBy(id => id).Select(id => id.Value));
    }

    [Fact]
    public async Task Put_MatchingEvent_InvokesTheFunctionOnceWithTheEventAsItCame()
    {
        await using var bus = Bus();

        var matched = bus.Put(Event("aws.cloudwatch", "ALARM"));
        await bus.IdleAsync(cancellation);

        Assert.Equal(["Heal"], matched);
        var (function, payload) = Assert.Single(functions.Invocations);
        Assert.Equal(("Heal", Event("aws.cloudwatch", "ALARM").GetRawText()), (function, payload));
        Assert.Empty(bus.DeadLetters.Entries);
    }

    [Theory]
    [InlineData("aws.cloudwatch", "OK")]
    [InlineData("aws.rds", "ALARM")]
    [InlineData("off", "ALARM")]
    public async Task Put_NoEnabledRuleMatches_InvokesNothing(string source, string state)
    {
        await using var bus = Bus();

        Assert.Empty(bus.Put(Event(source, state)));
        await bus.IdleAsync(cancellation);

        Assert.Empty(functions.Invocations);
        Assert.Single(bus.Events.Entries);
    }

    [Theory]
    [InlineData("[]", "'id'")]
    [InlineData("""{"id":"1","source":"s"}""", "'detail-type'")]
    [InlineData("""{"id":1,"source":"s","detail-type":"d"}""", "'id'")]
    public async Task Put_NoEvent_NamesTheMissingField(string json, string field)
    {
        await using var bus = Bus();

        Assert.Contains(field, Assert.Throws<ArgumentException>(() => bus.Put(JsonElement.Parse(json))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_RuleWithInput_SendsTheInput()
    {
        await using var bus = Bus();

        bus.Put(Event("fixed", "x"));
        await bus.IdleAsync(cancellation);

        Assert.Equal(("Plain", """{"fixed": true}"""), Assert.Single(functions.Invocations));
    }

    [Fact]
    public async Task Put_FunctionFailsOnce_IsRetriedAfterAMinute()
    {
        await using var bus = Bus();
        functions.FailuresLeft = 1;

        bus.Put(Event("aws.cloudwatch", "ALARM"));
        await bus.IdleAsync(cancellation);

        Assert.Equal([(1, false), (2, true)], bus.Attempts.Entries.Select(a => (a.Attempt, a.Answer.Succeeded)));
        Assert.Equal(Start.AddMinutes(1), bus.Attempts.Entries[1].At);
        Assert.Empty(bus.DeadLetters.Entries);
    }

    [Fact]
    public async Task Put_FunctionAlwaysFails_GoesToTheFailureDestinationWithTheReason()
    {
        await using var bus = Bus();
        functions.FailuresLeft = int.MaxValue;

        bus.Put(Event("aws.cloudwatch", "ALARM"));
        await bus.IdleAsync(cancellation);

        var letter = Assert.Single(bus.DeadLetters.Entries);
        Assert.Equal(("arn:aws:sqs:us-east-1:123456789012:lab-Failed", "RetriesExhausted", 2), (letter.QueueArn, letter.Reason, letter.Attempts));
        var record = JsonElement.Parse(letter.Body);
        Assert.Equal("RetriesExhausted", record.GetProperty("requestContext").GetProperty("condition").GetString());
        Assert.Equal(2, record.GetProperty("requestContext").GetProperty("approximateInvokeCount").GetInt32());
        Assert.Equal("aws.cloudwatch", record.GetProperty("requestPayload").GetProperty("source").GetString());
        Assert.Equal("boom", record.GetProperty("responsePayload").GetProperty("errorMessage").GetString());
    }

    [Fact]
    public async Task Put_NothingConfigured_HasLambdasTwoRetriesAndLosesTheEvent()
    {
        await using var bus = Bus();
        functions.FailuresLeft = int.MaxValue;

        bus.Put(Event("plain", "x"));
        await bus.IdleAsync(cancellation);

        var letter = Assert.Single(bus.DeadLetters.Entries);
        Assert.Equal((null, "RetriesExhausted", 3), (letter.QueueArn, letter.Reason, letter.Attempts));
        Assert.Equal(Start.AddMinutes(3), letter.At);
    }

    [Fact]
    public async Task Put_EventGrowsTooOld_IsNotRetriedAgain()
    {
        await using var bus = Bus();
        functions.FailuresLeft = int.MaxValue;

        bus.Put(Event("impatient", "x"));
        await bus.IdleAsync(cancellation);

        var letter = Assert.Single(bus.DeadLetters.Entries);
        Assert.Equal(("EventAgeExceeded", 2), (letter.Reason, letter.Attempts));
        Assert.Equal(Event("impatient", "x").GetRawText(), letter.Body);
        Assert.Equal("boom", letter.Attributes["ErrorMessage"]);
    }

    [Fact]
    public async Task Put_LambdaRefusesTheHandOver_GoesToTheRulesQueueAndNoFunctionRuns()
    {
        await using var bus = Bus(new DeliveryFaults { HandOverRefused = 1 });

        bus.Put(Event("aws.cloudwatch", "ALARM"));
        await bus.IdleAsync(cancellation);

        var letter = Assert.Single(bus.DeadLetters.Entries);
        Assert.Equal(("arn:aws:sqs:us-east-1:123456789012:lab-Undelivered", "MaximumRetryAttempts", 4), (letter.QueueArn, letter.Reason, letter.Attempts));
        Assert.Equal(("3", "arn:aws:events:us-east-1:123456789012:rule/lab-HealAlarm"), (letter.Attributes["RETRY_ATTEMPTS"], letter.Attributes["RULE_ARN"]));
        Assert.Empty(functions.Invocations);
    }

    [Fact]
    public async Task Put_Duplicated_InvokesTwiceWithOneId()
    {
        await using var bus = Bus(new DeliveryFaults { Duplicated = 1 });

        bus.Put(Event("aws.cloudwatch", "ALARM"));
        await bus.IdleAsync(cancellation);

        Assert.Equal(["id-ALARM", "id-ALARM"], bus.Attempts.Entries.Select(a => a.Delivery.EventId));
    }

    [Fact]
    public async Task Put_Lost_NeverArrives()
    {
        await using var bus = Bus(new DeliveryFaults { Lost = 1 });

        bus.Put(Event("aws.cloudwatch", "ALARM"));
        await bus.IdleAsync(cancellation);

        Assert.Empty(functions.Invocations);
        Assert.Empty(bus.DeadLetters.Entries);
    }

    [Fact]
    public async Task Put_Delayed_ArrivesLaterButWithinTheLimit()
    {
        await using var bus = Bus(new DeliveryFaults { Delayed = 1, LongestDelay = TimeSpan.FromMinutes(5) });

        bus.Put(Event("aws.cloudwatch", "ALARM"));
        await bus.IdleAsync(cancellation);

        Assert.InRange(Assert.Single(bus.Attempts.Entries).At, Start.AddTicks(1), Start.AddMinutes(5));
    }

    [Fact]
    public async Task Put_Overtaken_ArrivesAfterTheNextEvent()
    {
        await using var bus = Bus(new DeliveryFaults { Overtaken = 1 });
        bus.Put(Event("plain", "first"));
        bus.Faults = DeliveryFaults.None;
        bus.Put(Event("plain", "second"));
        await bus.IdleAsync(cancellation);

        Assert.Equal(["id-second", "id-first"], bus.Attempts.Entries.Select(a => a.Delivery.EventId));
    }

    [Fact]
    public async Task Put_OvertakenWithNoNextEvent_ArrivesInTheEnd()
    {
        await using var bus = Bus(new DeliveryFaults { Overtaken = 1 });

        bus.Put(Event("plain", "only"));
        await bus.IdleAsync(cancellation);

        Assert.Single(functions.Invocations);
    }

    [Fact]
    public async Task Put_ReservedConcurrencyOfOne_NeverRunsTwoAtOnce()
    {
        await using var bus = Bus(new DeliveryFaults { Duplicated = 1 });
        for (var i = 0; i < 20; i++) bus.Put(Event("plain", "x"));
        await bus.IdleAsync(cancellation);

        Assert.Equal(40, functions.Invocations.Count);
        Assert.Equal(1, functions.MostAtOnce);
    }

    [Fact]
    public async Task Fire_Schedule_SendsTheScheduledEvent()
    {
        await using var bus = Bus();

        bus.Fire("Plain", "Daily");
        await bus.IdleAsync(cancellation);

        var sent = JsonElement.Parse(Assert.Single(functions.Invocations).Payload);
        Assert.Equal("aws.events", sent.GetProperty("source").GetString());
        Assert.Equal("Scheduled Event", sent.GetProperty("detail-type").GetString());
        Assert.Equal("2024-01-01T12:00:00Z", sent.GetProperty("time").GetString());
        Assert.Equal("arn:aws:events:us-east-1:123456789012:rule/lab-PlainDaily", sent.GetProperty("resources")[0].GetString());
        Assert.Empty(sent.GetProperty("detail").EnumerateObject());
    }

    [Fact]
    public async Task Fire_PatternRule_IsRefused()
    {
        await using var bus = Bus();

        Assert.Throws<TemplateException>(() => bus.Fire("Plain", "Any"));
    }

    [Fact]
    public void Fate_EqualSeeds_AreEqual()
    {
        var faults = new DeliveryFaults { Lost = 0.3, Duplicated = 0.3, Delayed = 0.3, Overtaken = 0.3 };
        DeliveryFate[] Fates()
        {
            var random = new Random(7);
            return [.. Enumerable.Range(0, 50).Select(_ => DeliveryFate.Of(faults, random))];
        }

        Assert.Equal(Fates(), Fates());
        Assert.Contains(Fates(), f => f.Lost);
        Assert.Contains(Fates(), f => f is { Lost: false, Copies: 2 });
    }

    private EventBus Bus(DeliveryFaults? faults = null)
    {
        var inputs = new TemplateInputs();
        return new EventBus(
            SamTemplate.Read(Yaml, inputs), inputs, functions, (_, _, _) => throw new InvalidOperationException("no topics here"), new LabClock(time, 1), new Random(1))
        {
            Faults = faults ?? DeliveryFaults.None,
        };
    }

    private static JsonElement Event(string source, string state) => JsonElement.Parse(
        $$"""{"id":"id-{{state}}","source":"{{source}}","detail-type":"t","time":"a+b","detail":{"state":{"value":"{{state}}"} } }""");

    private sealed class RecordingInvoker : IFunctionInvoker
    {
        private int running;
        private int mostAtOnce;
        private int failuresLeft;

        public ConcurrentQueue<(string Function, string Payload)> Invocations { get; } = [];

        public ConcurrentQueue<string> RequestIds { get; } = [];

        public int MostAtOnce => mostAtOnce;

        public int FailuresLeft
        {
            set => failuresLeft = value;
        }

        public Task<FunctionAnswer> InvokeAsync(string functionLogicalId, ReadOnlyMemory<byte> payload, string requestId, CancellationToken cancellation)
        {
            RequestIds.Enqueue(requestId);
            return InvokeAsync(functionLogicalId, payload, cancellation);
        }

        public async Task<FunctionAnswer> InvokeAsync(string functionLogicalId, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(now);
            Invocations.Enqueue((functionLogicalId, Encoding.UTF8.GetString(payload.Span)));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return Interlocked.Decrement(ref failuresLeft) >= 0
                ? new FunctionAnswer { Succeeded = false, ErrorType = "made-up", ErrorMessage = "boom" }
                : new FunctionAnswer { Succeeded = true };
        }

        private void InterlockedMax(int value)
        {
            for (var seen = mostAtOnce; value > seen;)
            {
                var before = Interlocked.CompareExchange(ref mostAtOnce, value, seen);
                if (before == seen) return;
                seen = before;
            }
        }
    }
}
