using System.Buffers;
using System.Collections;
using System.Text.Json;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport.Logging;

/// <summary>
/// One JSON object a record, on one line whatever the text holds: the writer escapes line ends, separators and control
/// characters.
/// </summary>
internal static class JsonLogFormatter
{
    public static void Write(IBufferWriter<byte> output, in LogRecord record)
    {
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteString("timestamp", MessageProperty.TextOf(record.Time, null));
        writer.WriteString("level", (record.Level ?? LogLevel.Information).ToString());
        if (!string.IsNullOrEmpty(record.RequestId)) writer.WriteString("requestId", record.RequestId);
        if (!string.IsNullOrEmpty(record.TraceId)) writer.WriteString("traceId", record.TraceId);
        writer.WriteString("message", record.Message);
        foreach (var property in record.Properties)
        {
            if (property.Value is null) continue;
            writer.WritePropertyName(property.Name);
            WriteValue(writer, property.Value, property.Format);
        }
        if (record.Exception is { } error) WriteError(writer, error);
        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value, string? format)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case IDictionary entries: WriteObject(writer, entries, format); break;
            case IList items: WriteArray(writer, items, format); break;
            case var _ when format is not null: writer.WriteStringValue(MessageProperty.TextOf(value, format)); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case byte or sbyte or short or ushort or int or uint or long: writer.WriteNumberValue(Convert.ToInt64(value, null)); break;
            case ulong number: writer.WriteNumberValue(number); break;
            case decimal number: writer.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): writer.WriteNumberValue(number); break;
            case float number when float.IsFinite(number): writer.WriteNumberValue(number); break;
            default: writer.WriteStringValue(MessageProperty.TextOf(value, null)); break;
        }
    }

    private static void WriteArray(Utf8JsonWriter writer, IList items, string? format)
    {
        writer.WriteStartArray();
        foreach (var item in items) WriteValue(writer, item, format);
        writer.WriteEndArray();
    }

    private static void WriteObject(Utf8JsonWriter writer, IDictionary entries, string? format)
    {
        writer.WriteStartObject();
        foreach (DictionaryEntry entry in entries)
        {
            writer.WritePropertyName(entry.Key.ToString() ?? "");
            WriteValue(writer, entry.Value, format);
        }
        writer.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter writer, Exception error)
    {
        writer.WriteString("errorType", error.GetType().FullName);
        writer.WriteString("errorMessage", error.Message);
        writer.WriteStartArray("stackTrace");
        foreach (var line in error.ToString().Split('\n')) writer.WriteStringValue(line.Trim());
        writer.WriteEndArray();
    }
}
