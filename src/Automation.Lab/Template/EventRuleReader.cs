using System.Text.Json;

namespace Automation.Lab.Template;

/// <summary>Reads the template's own event rules; those of functions are <see cref="FunctionReader"/>'s.</summary>
internal static class EventRuleReader
{
    public static TemplateEventRule Read(ResourceReader resources, string logicalId)
    {
        var properties = resources.Properties(logicalId);
        properties.RefuseMembers("EventBusName", "RoleArn", "ScheduleExpression");
        return new TemplateEventRule
        {
            LogicalId = logicalId,
            Name = resources.Name(logicalId),
            Arn = resources.Arn(logicalId),
            Enabled = properties["State"].OptionalText() is not "DISABLED",
            Pattern = JsonSerializer.SerializeToElement(properties["EventPattern"].Value
                ?? throw new TemplateException(properties["EventPattern"].Path, "is required")),
            Targets = [.. properties["Targets"].Items().Select(Target)],
        };
    }

    private static TemplateTopicTarget Target(TemplateNode target)
    {
        target.RefuseMembers("Input", "InputPath", "RoleArn");
        var arn = target["Arn"].Text();
        if (!arn.StartsWith("arn:aws:sns:", StringComparison.Ordinal))
            throw new TemplateException(target["Arn"].Path, $"the lab delivers to SNS topics, not to '{arn}'");
        return new TemplateTopicTarget
        {
            Id = target["Id"].Text(),
            TopicArn = arn,
            InputTransformer = target["InputTransformer"] is { Exists: true } transformer ? InputTransformerReader.Read(transformer) : null,
            Limits = DeliveryLimits.OfEventBridge(target["RetryPolicy"]),
            DeadLetterArn = target["DeadLetterConfig"]["Arn"].OptionalText(),
        };
    }
}
