using System.Text.Json;

namespace Automation.Lab.Template;

/// <summary>One <c>AWS::Events::Rule</c> on the default bus: a pattern, and the topics that matching events go to.</summary>
internal sealed record TemplateEventRule
{
    public required string LogicalId { get; init; }
    public required string Name { get; init; }
    public required string Arn { get; init; }
    public bool Enabled { get; init; } = true;
    public required JsonElement Pattern { get; init; }
    public required IReadOnlyList<TemplateTopicTarget> Targets { get; init; }
}

/// <summary>A target of a rule that is an SNS topic.</summary>
internal sealed record TemplateTopicTarget
{
    public required string Id { get; init; }
    public required string TopicArn { get; init; }

    /// <summary>What is published; <c>null</c> for the event itself.</summary>
    public TemplateInputTransformer? InputTransformer { get; init; }

    public required DeliveryLimits Limits { get; init; }

    /// <summary>The queue for events EventBridge could not hand over.</summary>
    public string? DeadLetterArn { get; init; }
}

/// <summary>How a target's input is made from an event.</summary>
/// <param name="Paths">Variable → the fields to go through, from the top of the event.</param>
/// <param name="Template">Lines of JSON text with variables as <c>&lt;name&gt;</c>.</param>
internal sealed record TemplateInputTransformer(IReadOnlyDictionary<string, IReadOnlyList<string>> Paths, string Template);
