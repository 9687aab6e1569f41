using System.Text;
using System.Text.Json;
using Automation.Lab.Template;

namespace Automation.Lab.Account;

/// <summary>One event on its way to one target of a rule: what EventBridge's half of a delivery needs.</summary>
/// <param name="EventId">The event's <c>id</c>; the same for duplicates.</param>
/// <param name="Event">The event as it came.</param>
internal abstract record Delivery(string EventId, string Event)
{
    public abstract string RuleArn { get; }

    public abstract string TargetArn { get; }

    public abstract DeliveryLimits Limits { get; }

    /// <summary>The target's queue for events that EventBridge could not hand over.</summary>
    public abstract string? DeadLetterArn { get; }
}

/// <summary>To a function.</summary>
/// <param name="EventId">The event's <c>id</c>.</param>
/// <param name="Event">The event as it came.</param>
/// <param name="Function">Who gets it.</param>
/// <param name="Rule">The rule that matched.</param>
/// <param name="Payload">What the function gets: the event, or the rule's constant input.</param>
internal sealed record FunctionDelivery(
    string EventId, string Event, TemplateFunction Function, TemplateRule Rule, ReadOnlyMemory<byte> Payload) : Delivery(EventId, Event)
{
    public override string RuleArn => Rule.Arn;

    public override string TargetArn => Function.Arn;

    public override DeliveryLimits Limits => Rule.Limits;

    public override string? DeadLetterArn => Rule.DeadLetterArn;

    public static FunctionDelivery Of(JsonElement @event, TemplateFunction function, TemplateRule rule) => new(
        @event.GetProperty("id").GetString()!, @event.GetRawText(), function, rule,
        Encoding.UTF8.GetBytes(rule.Input ?? @event.GetRawText()));
}

/// <summary>To a topic.</summary>
/// <param name="EventId">The event's <c>id</c>.</param>
/// <param name="Event">The event as it came.</param>
/// <param name="Target">The topic.</param>
/// <param name="Rule">The rule that matched.</param>
/// <param name="Message">What is published: the event, or what the target's input transformer makes of it.</param>
internal sealed record TopicDelivery(
    string EventId, string Event, TemplateTopicTarget Target, TemplateEventRule Rule, string Message) : Delivery(EventId, Event)
{
    public override string RuleArn => Rule.Arn;

    public override string TargetArn => Target.TopicArn;

    public override DeliveryLimits Limits => Target.Limits;

    public override string? DeadLetterArn => Target.DeadLetterArn;

    public static TopicDelivery Of(JsonElement @event, TemplateTopicTarget target, TemplateEventRule rule) => new(
        @event.GetProperty("id").GetString()!, @event.GetRawText(), target, rule,
        target.InputTransformer is { } transformer ? InputTransformation.Render(transformer, @event) : @event.GetRawText());
}
