using System.Buffers;
using System.Text.Json;

namespace Amazon.Lambda.RuntimeSupport.Client;

/// <summary>An exception as the Runtime API takes it, and as the invoker of the function gets it.</summary>
internal static class ErrorReport
{
    private const int MaxBytes = 256 * 1024;

    /// <summary>The type's name without its namespace, as in the published runtime.</summary>
    public static string TypeOf(Exception error) => error.GetType().Name;

    public static byte[] Write(Exception error)
    {
        var whole = Write(writer => WriteError(writer, error));
        return whole.Length <= MaxBytes ? whole : Write(writer =>
        {
            writer.WriteString("errorType", TypeOf(error));
            writer.WriteString("errorMessage", "Exception exceeded maximum payload size of 256KB.");
        });
    }

    private static byte[] Write(Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            body(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteError(Utf8JsonWriter writer, Exception error)
    {
        writer.WriteString("errorType", TypeOf(error));
        writer.WriteString("errorMessage", error.Message);
        if (error.StackTrace is { } trace)
        {
            writer.WriteStartArray("stackTrace");
            foreach (var frame in trace.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                writer.WriteStringValue(frame);
            }
            writer.WriteEndArray();
        }
        if (error.InnerException is { } inner)
        {
            writer.WriteStartObject("cause");
            WriteError(writer, inner);
            writer.WriteEndObject();
        }
        if (error is AggregateException { InnerExceptions.Count: > 0 } many)
        {
            writer.WriteStartArray("causes");
            foreach (var one in many.InnerExceptions)
            {
                writer.WriteStartObject();
                WriteError(writer, one);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
    }
}
