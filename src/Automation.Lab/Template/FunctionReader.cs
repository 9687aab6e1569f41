using System.Text.Json;
using System.Text.Json.Nodes;

namespace Automation.Lab.Template;

/// <summary>Reads one function with SAM's and Lambda's defaults.</summary>
internal sealed class FunctionReader(ResourceReader resources, string logicalId)
{
    private readonly JsonNode? properties = Globals.Merge(resources.GlobalFunctionProperties, resources.RawProperties(logicalId));

    public TemplateFunction Read()
    {
        var invocation = Property("EventInvokeConfig");
        var logging = Property("LoggingConfig");
        return new TemplateFunction
        {
            LogicalId = logicalId,
            Name = resources.Name(logicalId),
            Arn = resources.Arn(logicalId),
            Handler = Property("Handler").Text(),
            Role = Property("Role").OptionalText() is { } arn
                ? resources.Each("AWS::IAM::Role", id => id).Where(id => resources.Arn(id) == arn).Select(id => TemplateRole.Read(resources, id)).SingleOrDefault()
                : null,
            Timeout = Property("Timeout").Seconds(3),
            MemorySize = Property("MemorySize").Number(128),
            ReservedConcurrency = Property("ReservedConcurrentExecutions") is { Exists: true } limit ? limit.Number() : null,
            LogFormat = logging["LogFormat"].OptionalText() ?? "Text",
            LogGroup = logging["LogGroup"].OptionalText(),
            LogLevel = logging["ApplicationLogLevel"].OptionalText(),
            Environment = Property("Environment")["Variables"].Members().ToDictionary(p => p.Key, p => p.Value.Text()),
            Rules = [.. (properties?["Events"] as JsonObject ?? []).Select(e => Rule(e.Key, e.Value))],
            AsyncInvocation = new AsyncInvocation
            {
                Limits = DeliveryLimits.OfLambda(invocation),
                OnFailureArn = invocation["DestinationConfig"]["OnFailure"]["Destination"].OptionalText(),
                DeadLetterArn = Property("DeadLetterQueue")["TargetArn"].OptionalText(),
            },
        };
    }

    private TemplateNode Property(string name) =>
        resources.Resolved(properties?[name], $"{ResourceReader.PathOf(logicalId)}.{name}");

    private TemplateRule Rule(string eventName, JsonNode? raw)
    {
        var path = $"{ResourceReader.PathOf(logicalId)}.Events.{eventName}";
        var trigger = resources.Resolved(raw, path);
        var type = trigger["Type"].Text();
        var detail = trigger["Properties"];
        if (type is not ("EventBridgeRule" or "Schedule"))
            throw new TemplateException($"{path}.Type", $"the lab knows EventBridgeRule and Schedule, not '{type}'");
        detail.RefuseMembers("InputPath", "InputTransformer", "EventBusName");
        var isSchedule = type == "Schedule";
        var (name, arn) = resources.Rule(logicalId + eventName, detail[isSchedule ? "Name" : "RuleName"].OptionalText());
        return new TemplateRule
        {
            EventName = eventName,
            Name = name,
            Arn = arn,
            Enabled = detail["State"].OptionalText() is { } state ? state == "ENABLED" : detail["Enabled"].Flag(true),
            Pattern = isSchedule ? null : JsonSerializer.SerializeToElement(detail["Pattern"].Value
                ?? throw new TemplateException($"{path}.Properties.Pattern", "is required")),
            Schedule = isSchedule ? detail["Schedule"].Text() : null,
            Input = detail["Input"].OptionalText(),
            Limits = DeliveryLimits.OfEventBridge(detail["RetryPolicy"]),
            DeadLetterArn = DeadLetterArn(detail["DeadLetterConfig"]),
        };
    }

    private string? DeadLetterArn(TemplateNode config)
    {
        if (config["Arn"].OptionalText() is { } arn) return arn;
        if (!config.Exists) return null;
        // Type SQS without an ARN: SAM makes the queue itself.
        return config["QueueLogicalId"].OptionalText() is { } queue
            ? resources.Arn(queue)
            : throw new TemplateException(config.Path, "the lab needs Arn or QueueLogicalId");
    }
}
