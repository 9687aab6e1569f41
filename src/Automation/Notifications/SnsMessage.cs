namespace Automation.Notifications;

/// <summary>A message as SNS takes it.</summary>
/// <param name="Subject">At most 100 printable ASCII characters.</param>
/// <param name="Body">One text for each protocol, as JSON (<c>MessageStructure=json</c>).</param>
/// <param name="Attributes">What subscriptions can filter on.</param>
internal sealed record SnsMessage(string Subject, string Body, IReadOnlyDictionary<string, string> Attributes);
