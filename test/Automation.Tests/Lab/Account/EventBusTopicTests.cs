using System.Text.Json;
using Automation.Lab.Account;
using Automation.Lab.Template;

namespace Automation.Tests.Lab.Account;

/// <summary>Rules of the template whose target is a topic.</summary>
public sealed class EventBusTopicTests
{
    private const string Yaml = """
        Resources:
          Topic: { Type: AWS::SNS::Topic }
          Undelivered: { Type: AWS::SQS::Queue }
          Trouble:
            Type: AWS::Events::Rule
            Properties:
              EventPattern: { source: [trouble] }
              Targets:
                - Id: People
                  Arn: !Ref Topic
                  InputTransformer: { InputPathsMap: { state: $.detail.state }, InputTemplate: '"it is <state>"' }
                  RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 }
                  DeadLetterConfig: { Arn: !GetAtt Undelivered.Arn }
          Plain: { Type: AWS::Events::Rule, Properties: { EventPattern: { source: [plain] }, Targets: [{ Id: A, Arn: !Ref Topic }] } }
          Off: { Type: AWS::Events::Rule, Properties: { State: DISABLED, EventPattern: { source: [off] }, Targets: [{ Id: A, Arn: !Ref Topic }] } }
        """;

    private const string Topic = "arn:aws:sns:us-east-1:123456789012:lab-Topic";
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private readonly SkippingTime time = new(Start);
    private readonly List<(string Topic, string Message, DateTimeOffset At)> published = [];
    private readonly Queue<HandOverRefusal> refusals = [];

    [Fact]
    public async Task Put_MatchingEvent_PublishesWhatTheTransformerMakesOfIt()
    {
        await PutAsync(Event("trouble"));

        Assert.Equal([(Topic, "\"it is bad\"", Start)], published);
    }

    [Fact]
    public async Task Put_NoTransformer_PublishesTheEvent()
    {
        await PutAsync(Event("plain"));

        Assert.Equal([(Topic, Event("plain").GetRawText(), Start)], published);
    }

    [Theory]
    [InlineData("other")]
    [InlineData("off")]
    public async Task Put_NoEnabledRuleMatches_PublishesNothing(string source)
    {
        await PutAsync(Event(source));

        Assert.Empty(published);
    }

    [Fact]
    public async Task Put_TopicRefusesTwice_IsPublishedAfterTheBackOff()
    {
        refusals.Enqueue(new HandOverRefusal("ERROR_FROM_TARGET", "made up"));
        refusals.Enqueue(HandOverRefusal.Throttled);

        var letters = await PutAsync(Event("trouble"));

        Assert.Equal([(Topic, "\"it is bad\"", Start.AddSeconds(1 + 2))], published);
        Assert.Empty(letters);
    }

    [Fact]
    public async Task Put_TopicRefusesToTheEnd_TheEventGoesToTheTargetsQueue()
    {
        for (var i = 0; i < 4; i++) refusals.Enqueue(new HandOverRefusal("ERROR_FROM_TARGET", "made up"));

        var letter = Assert.Single(await PutAsync(Event("trouble")));

        Assert.Equal(("arn:aws:sqs:us-east-1:123456789012:lab-Undelivered", "MaximumRetryAttempts", 4), (letter.QueueArn, letter.Reason, letter.Attempts));
        Assert.Equal(Event("trouble").GetRawText(), letter.Body);
        Assert.Equal(new Dictionary<string, string>
        {
            ["RULE_ARN"] = "arn:aws:events:us-east-1:123456789012:rule/lab-Trouble",
            ["TARGET_ARN"] = Topic,
            ["ERROR_CODE"] = "ERROR_FROM_TARGET",
            ["ERROR_MESSAGE"] = "made up",
            ["RETRY_ATTEMPTS"] = "3",
            ["EXHAUSTED_RETRY_CONDITION"] = "MaximumRetryAttempts",
        }, letter.Attributes);
        Assert.Empty(published);
    }

    [Fact]
    public async Task Put_TopicIsGone_IsNotTriedAgain()
    {
        refusals.Enqueue(new HandOverRefusal("NO_RESOURCE", "made up", IsFinal: true));

        var letter = Assert.Single(await PutAsync(Event("trouble")));

        Assert.Equal(("NO_RESOURCE", 1, Start), (letter.Reason, letter.Attempts, letter.At));
        Assert.DoesNotContain("EXHAUSTED_RETRY_CONDITION", letter.Attributes.Keys);
        Assert.Empty(published);
    }

    [Fact]
    public async Task Put_Duplicated_IsPublishedTwice()
    {
        await PutAsync(Event("trouble"), new DeliveryFaults { Duplicated = 1 });

        Assert.Equal(2, published.Count);
    }

    [Fact]
    public async Task Put_HandOverRefused_NeverReachesTheTopic()
    {
        var letter = Assert.Single(await PutAsync(Event("trouble"), new DeliveryFaults { HandOverRefused = 1 }));

        Assert.Equal("THROTTLING", letter.Attributes["ERROR_CODE"]);
        Assert.Empty(published);
    }

    private async Task<IReadOnlyList<DeadLetter>> PutAsync(JsonElement @event, DeliveryFaults? faults = null)
    {
        var inputs = new TemplateInputs();
        await using var bus = new EventBus(
            SamTemplate.Read(Yaml, inputs), inputs, new NoFunctions(), PublishAsync, new LabClock(time, 1), new Random(1))
        {
            Faults = faults ?? DeliveryFaults.None,
        };
        Assert.Empty(bus.Put(@event));
        await bus.IdleAsync(cancellation);
        return bus.DeadLetters.Entries;
    }

    private Task<HandOverRefusal?> PublishAsync(string topicArn, string message, CancellationToken _)
    {
        lock (published)
        {
            if (refusals.TryDequeue(out var refusal)) return Task.FromResult<HandOverRefusal?>(refusal);
            published.Add((topicArn, message, time.GetUtcNow()));
            return Task.FromResult<HandOverRefusal?>(null);
        }
    }

    private static JsonElement Event(string source) => JsonElement.Parse(
        $$"""{"id":"1","source":"{{source}}","detail-type":"t","detail":{"state":"bad"} }""");

    private sealed class NoFunctions : IFunctionInvoker
    {
        public Task<FunctionAnswer> InvokeAsync(string functionLogicalId, ReadOnlyMemory<byte> payload, CancellationToken cancellation) =>
            throw new InvalidOperationException("no functions here");
    }
}
