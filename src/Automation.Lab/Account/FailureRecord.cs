using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Automation.Lab.Account;

/// <summary>What Lambda sends to an on-failure destination.</summary>
/// <remarks>"Capturing records of Lambda asynchronous invocations", AWS Lambda developer guide.</remarks>
internal static class FailureRecord
{
    public static string Write(FunctionDelivery delivery, int attempts, FunctionAnswer answer, string condition, DateTimeOffset now)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteString("timestamp", now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteStartObject("requestContext");
            json.WriteString("requestId", RequestId(delivery));
            json.WriteString("functionArn", $"{delivery.Function.Arn}:$LATEST");
            json.WriteString("condition", condition);
            json.WriteNumber("approximateInvokeCount", attempts);
            json.WriteEndObject();
            json.WritePropertyName("requestPayload");
            json.WriteRawValue(delivery.Payload.Span);
            json.WriteStartObject("responseContext");
            json.WriteNumber("statusCode", 200);
            json.WriteString("executedVersion", "$LATEST");
            json.WriteString("functionError", "Unhandled");
            json.WriteEndObject();
            json.WriteStartObject("responsePayload");
            json.WriteString("errorType", answer.ErrorType);
            json.WriteString("errorMessage", answer.ErrorMessage);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>The lab has no request ids of its own: the event and its function name the invocation.</summary>
    public static string RequestId(FunctionDelivery delivery) => $"{delivery.EventId}/{delivery.Function.LogicalId}";
}
