using System.Text.Json;

namespace Automation.Lab.Template;

/// <summary>One <c>AWS::Serverless::Function</c>, Globals merged in.</summary>
internal sealed record TemplateFunction
{
    public required string LogicalId { get; init; }
    public required string Name { get; init; }
    public required string Arn { get; init; }
    public required string Handler { get; init; }

    /// <summary>Its role; <c>null</c> where the template states none.</summary>
    public TemplateRole? Role { get; init; }
    public required TimeSpan Timeout { get; init; }

    /// <summary>In MB, as Lambda counts.</summary>
    public required int MemorySize { get; init; }

    /// <summary>How many may run at once; <c>null</c> where the account's limit is the only one.</summary>
    public int? ReservedConcurrency { get; init; }

    /// <summary><c>Text</c> or <c>JSON</c>.</summary>
    public string LogFormat { get; init; } = "Text";

    /// <summary><c>ApplicationLogLevel</c>, of the JSON format alone.</summary>
    public string? LogLevel { get; init; }

    /// <summary>The group its log goes to; <c>null</c> for Lambda's own, named after the function.</summary>
    public string? LogGroup { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }
    public required IReadOnlyList<TemplateRule> Rules { get; init; }
    public required AsyncInvocation AsyncInvocation { get; init; }
}

/// <summary>An EventBridge rule that SAM makes from a function's event: it has a pattern or a schedule.</summary>
internal sealed record TemplateRule
{
    /// <summary>The key under <c>Events</c>.</summary>
    public required string EventName { get; init; }
    public required string Name { get; init; }
    public required string Arn { get; init; }
    public bool Enabled { get; init; } = true;
    public JsonElement? Pattern { get; init; }
    public string? Schedule { get; init; }

    /// <summary>Sent instead of the event, when given.</summary>
    public string? Input { get; init; }

    /// <summary>EventBridge's limits for handing the event over: 185 tries and 24 hours unless the template says less.</summary>
    public required DeliveryLimits Limits { get; init; }

    /// <summary>The queue for events EventBridge could not hand over.</summary>
    public string? DeadLetterArn { get; init; }
}

/// <summary>Lambda's own queue in front of an asynchronous invocation.</summary>
internal sealed record AsyncInvocation
{
    /// <summary>2 retries and 6 hours unless <c>EventInvokeConfig</c> says less.</summary>
    public required DeliveryLimits Limits { get; init; }

    /// <summary>Where <c>DestinationConfig.OnFailure</c> sends a record of the failed invocation.</summary>
    public string? OnFailureArn { get; init; }

    /// <summary>Where <c>DeadLetterQueue</c> sends the event itself.</summary>
    public string? DeadLetterArn { get; init; }
}
