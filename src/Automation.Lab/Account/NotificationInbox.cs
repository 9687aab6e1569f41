using System.Globalization;
using System.Text.Json;

namespace Automation.Lab.Account;

/// <summary>Keeps what is published to SNS, so that the lab can show what the person on call received.</summary>
internal sealed class NotificationInbox
{
    public Journal<Notification> Received { get; } = new();

    /// <summary>Refuses, as SNS does, a message for several protocols that is not an object of texts with a default; moto takes it.</summary>
    public static ValueTask<AwsAnswer?> ValidateAsync(AwsCall call, CancellationToken cancellation) => ValueTask.FromResult(
        call.Parameters.GetValueOrDefault("MessageStructure") == "json" && Messages(call.Parameters) is null
            ? ErrorAnswer.Create(call, 400, "InvalidParameter",
                "Invalid parameter: Message Structure - expected a JSON object of texts with an entry for 'default'")
            : null);

    /// <summary>The endpoint's hook for <c>Publish</c>.</summary>
    public ValueTask<AwsAnswer> KeepAsync(AwsCall call, AwsAnswer answer, CancellationToken cancellation)
    {
        if (answer.Succeeded && Messages(call.Parameters) is { } messages)
        {
            Received.Add(new Notification
            {
                TopicArn = call.Parameters.GetValueOrDefault("TopicArn") ?? call.Parameters.GetValueOrDefault("TargetArn") ?? "",
                Subject = call.Parameters.GetValueOrDefault("Subject"),
                Messages = messages,
                Attributes = Attributes(call.Parameters),
                At = call.At,
            });
        }
        return ValueTask.FromResult(answer);
    }

    private static Dictionary<string, string>? Messages(IReadOnlyDictionary<string, string> parameters)
    {
        var message = parameters.GetValueOrDefault("Message") ?? "";
        if (parameters.GetValueOrDefault("MessageStructure") != "json") return new() { ["default"] = message };
        try
        {
            var messages = JsonSerializer.Deserialize<Dictionary<string, string>>(message);
            return messages?.ContainsKey("default") == true ? messages : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Dictionary<string, string> Attributes(IReadOnlyDictionary<string, string> parameters)
    {
        var attributes = new Dictionary<string, string>();
        for (var i = 1; ; i++)
        {
            var entry = string.Create(CultureInfo.InvariantCulture, $"MessageAttributes.entry.{i}.");
            if (!parameters.TryGetValue(entry + "Name", out var name)) return attributes;
            attributes[name] = parameters.GetValueOrDefault(entry + "Value.StringValue") ?? "";
        }
    }
}
