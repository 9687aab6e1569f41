using System.Collections.Concurrent;
using System.Text.Json;
using Automation.Lab.Template;

namespace Automation.Lab.Account;

/// <summary>
/// EventBridge's default bus with the rules of the template: every event goes to each function and topic whose rule matches,
/// through EventBridge's retries and dead letters, and for a function then through Lambda's.
/// </summary>
internal sealed class EventBus : IAsyncDisposable
{
    private readonly IReadOnlyList<(TemplateFunction Function, TemplateRule Rule, EventPattern Pattern)> rules;
    private readonly IReadOnlyList<(TemplateTopicTarget Target, TemplateEventRule Rule, EventPattern Pattern)> topics;
    private readonly SamTemplate template;
    private readonly TemplateInputs inputs;
    private readonly LabClock clock;
    private readonly Random random;
    private readonly PublishToTopic publish;
    private readonly HandOver handOver;
    private readonly AsyncInvoker invoker;
    private readonly CancellationTokenSource ending = new();
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<Task, byte> underway = new();
    private List<Func<Task>> overtaken = [];

    /// <exception cref="FormatException">A pattern of the template is malformed.</exception>
    public EventBus(
        SamTemplate template, TemplateInputs inputs, IFunctionInvoker functions, PublishToTopic publish, LabClock clock, Random random)
    {
        rules = [.. from function in template.Functions
                    from rule in function.Rules
                    where rule.Enabled && rule.Pattern is not null
                    select (function, rule, EventPattern.Parse(rule.Pattern!.Value))];
        topics = [.. from rule in template.EventRules
                     where rule.Enabled
                     let pattern = EventPattern.Parse(rule.Pattern)
                     from target in rule.Targets
                     select (target, rule, pattern)];
        this.template = template;
        this.inputs = inputs;
        this.clock = clock;
        this.random = random;
        this.publish = publish;
        handOver = new HandOver(clock, DeadLetters);
        invoker = new AsyncInvoker(functions, clock, Attempts, DeadLetters);
    }

    /// <summary>What goes wrong from now on.</summary>
    public DeliveryFaults Faults { get; set; } = DeliveryFaults.None;

    /// <summary>Every event that was put.</summary>
    public Journal<JsonElement> Events { get; } = new();

    /// <summary>Every invocation, when it ended.</summary>
    public Journal<InvocationAttempt> Attempts { get; } = new();

    /// <summary>Events that no target took, whatever queue they went to.</summary>
    public Journal<DeadLetter> DeadLetters { get; } = new();

    /// <summary>What <see cref="DeliveryFaults.Lost"/> took: no target ever hears of it.</summary>
    public Journal<Delivery> Lost { get; } = new();

    /// <summary>Sends an event. Returns at once; deliveries go on beside the caller.</summary>
    /// <returns>The functions whose rules match, one entry a rule.</returns>
    /// <exception cref="ArgumentException">It is no EventBridge event.</exception>
    public IReadOnlyList<string> Put(JsonElement @event)
    {
        foreach (var name in new[] { "id", "source", "detail-type" })
        {
            if (@event.ValueKind != JsonValueKind.Object || !@event.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
                throw new ArgumentException($"an event needs '{name}' as text", nameof(@event));
        }
        var own = @event.Clone();
        Events.Add(own);
        var matches = rules.Where(r => r.Pattern.Matches(own)).ToArray();
        Send([
            .. matches.Select(m => FunctionDelivery.Of(own, m.Function, m.Rule)),
            .. topics.Where(t => t.Pattern.Matches(own)).Select(t => TopicDelivery.Of(own, t.Target, t.Rule)),
        ]);
        return [.. matches.Select(m => m.Function.LogicalId)];
    }

    /// <summary>Fires a schedule of the template now.</summary>
    /// <exception cref="TemplateException">There is no such function or schedule.</exception>
    public void Fire(string functionLogicalId, string eventName)
    {
        var function = template.Function(functionLogicalId);
        var rule = function.Rules.FirstOrDefault(r => r.EventName == eventName && r.Schedule is not null)
            ?? throw new TemplateException($"Resources.{functionLogicalId}.Properties.Events.{eventName}", "is no schedule of the template");
        var scheduled = ScheduledEvent.Create(rule.Arn, clock.Now, inputs);
        Events.Add(scheduled);
        Send([FunctionDelivery.Of(scheduled, function, rule)]);
    }

    /// <summary>Returns when every delivery ended, retries and overtaken ones included.</summary>
    public async Task IdleAsync(CancellationToken cancellation)
    {
        while (true)
        {
            StartOvertaken([]);
            var waiting = underway.Keys.ToArray();
            if (waiting.Length == 0) return;
            await Task.WhenAll(waiting).WaitAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(underway.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        invoker.Dispose();
        ending.Dispose();
    }

    private void Send(IReadOnlyList<Delivery> deliveries)
    {
        List<Func<Task>> late = [];
        List<Task> started = [];
        foreach (var delivery in deliveries)
        {
            DeliveryFate fate;
            lock (gate) fate = DeliveryFate.Of(Faults, random);
            if (fate.Lost)
            {
                Lost.Add(delivery);
                continue;
            }
            for (var copy = 0; copy < fate.Copies; copy++)
            {
                if (fate.Overtaken) late.Add(() => DeliverAsync(delivery, fate.Delay));
                else started.Add(Track(DeliverAsync(delivery, fate.Delay)));
            }
        }
        if (started.Count > 0) StartOvertaken(started);
        lock (gate) overtaken.AddRange(late);
    }

    // What was held back goes once the newer events have arrived.
    private void StartOvertaken(IReadOnlyList<Task> newer)
    {
        List<Func<Task>> due;
        lock (gate) (due, overtaken) = (overtaken, []);
        foreach (var start in due) Track(AfterAsync(newer, start));
    }

    private static async Task AfterAsync(IReadOnlyList<Task> newer, Func<Task> start)
    {
        await Task.WhenAll(newer);
        await start();
    }

    private async Task DeliverAsync(Delivery delivery, TimeSpan delay)
    {
        // Never on the thread of the one who put the event.
        await Task.Yield();
        try
        {
            await clock.WaitAsync(delay, ending.Token);
            await HandOverAsync(delivery);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The lab ends with an event underway.
        }
    }

    private Task HandOverAsync(Delivery delivery) => delivery switch
    {
        FunctionDelivery function => InvokeAsync(function),
        TopicDelivery topic => handOver.RunAsync(
            topic, async cancellation => Refusal() ?? await publish(topic.TargetArn, topic.Message, cancellation), ending.Token),
        _ => throw new ArgumentOutOfRangeException(nameof(delivery), delivery, null),
    };

    private async Task InvokeAsync(FunctionDelivery delivery)
    {
        if (await handOver.RunAsync(delivery, _ => Task.FromResult(Refusal()), ending.Token)) await invoker.RunAsync(delivery, ending.Token);
    }

    private Task Track(Task task)
    {
        underway.TryAdd(task, 0);
        _ = task.ContinueWith(ended => underway.TryRemove(ended, out _), CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }

    private HandOverRefusal? Refusal()
    {
        lock (gate) return random.NextDouble() < Faults.HandOverRefused ? HandOverRefusal.Throttled : null;
    }
}
