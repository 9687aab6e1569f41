using Automation.Lab.Template;

namespace Automation.Lab.Account;

/// <summary>What Lambda and SQS report about the automation itself, so that the template's own alarms work in the lab.</summary>
internal static class AutomationMetrics
{
    public static IEnumerable<SampledMetric> Of(SamTemplate template, EventBus bus) =>
    [
        .. template.Functions.Select(function => Errors(function, bus)),
        .. template.Queues.Select(queue => Depth(queue, bus)),
    ];

    private static SampledMetric Errors(TemplateFunction function, EventBus bus)
    {
        var reported = 0;
        return new SampledMetric
        {
            Namespace = "AWS/Lambda",
            Name = "Errors",
            Unit = "Count",
            Dimensions = [SampledMetric.Set(("FunctionName", function.Name))],
            Sample = _ =>
            {
                // Lambda reports what happened since the last report.
                var total = bus.Attempts.Entries.Count(a => a.Delivery.Function.LogicalId == function.LogicalId && !a.Answer.Succeeded);
                var fresh = total - reported;
                reported = total;
                return ValueTask.FromResult<double?>(fresh);
            },
        };
    }

    private static SampledMetric Depth(TemplateQueue queue, EventBus bus) => new()
    {
        Namespace = "AWS/SQS",
        Name = "ApproximateNumberOfMessagesVisible",
        Unit = "Count",
        Dimensions = [SampledMetric.Set(("QueueName", queue.Name))],
        Sample = _ => ValueTask.FromResult<double?>(bus.DeadLetters.Entries.Count(l => l.QueueArn == queue.Arn)),
    };
}
