namespace Automation.Lab.Account;

/// <summary>What a topic's subscribers received.</summary>
internal sealed record Notification
{
    public required string TopicArn { get; init; }
    public string? Subject { get; init; }

    /// <summary>Text per protocol (<c>default</c>, <c>email</c>, <c>sqs</c> …); only <c>default</c> for a plain message.</summary>
    public required IReadOnlyDictionary<string, string> Messages { get; init; }

    /// <summary>Message attributes, by which filter policies choose.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
    public required DateTimeOffset At { get; init; }

    /// <summary>What a subscriber of this protocol gets.</summary>
    public string TextFor(string protocol) => Messages.GetValueOrDefault(protocol) ?? Messages["default"];
}
