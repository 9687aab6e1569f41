using System.Buffers;
using System.Text.Json;

namespace Automation.Lab.Lambda;

/// <summary>What a function's process gave back, or what Lambda says in its place.</summary>
internal sealed record RuntimeAnswer
{
    public required ReadOnlyMemory<byte> Payload { get; init; }

    public string? ErrorType { get; init; }

    public string? ErrorMessage { get; init; }

    /// <summary>The process is of no more use: <c>timeout</c> or <c>error</c>.</summary>
    public string? FatalStatus { get; init; }

    /// <summary>
    /// The process's own error report; <paramref name="headerType"/> is <c>Lambda-Runtime-Function-Error-Type</c>, for a
    /// report whose body does not say.
    /// </summary>
    public static RuntimeAnswer FromErrorReport(ReadOnlyMemory<byte> json, string? headerType)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new RuntimeAnswer
            {
                Payload = json,
                ErrorType = Text(document.RootElement, "errorType") ?? headerType ?? "Runtime.Unknown",
                ErrorMessage = Text(document.RootElement, "errorMessage"),
            };
        }
        catch (JsonException)
        {
            return Error(headerType ?? "Runtime.Unknown", "The function reported an error that is not JSON.");
        }
    }

    /// <summary>Lambda's own error.</summary>
    public static RuntimeAnswer Error(string type, string message, string? fatalStatus = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("errorType", type);
            writer.WriteString("errorMessage", message);
            writer.WriteEndObject();
        }
        return new RuntimeAnswer
        {
            Payload = buffer.WrittenMemory,
            ErrorType = type,
            ErrorMessage = message,
            FatalStatus = fatalStatus,
        };
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
