using System.Buffers;
using System.Text;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport.Logging;

/// <summary>Time, request, level and message between tabs; line ends in the message stay, as in the published runtime.</summary>
internal static class TextLogFormatter
{
    public static void Write(IBufferWriter<byte> output, in LogRecord record)
    {
        var line = new StringBuilder()
            .Append(MessageProperty.TextOf(record.Time, null)).Append('\t')
            .Append(record.RequestId).Append('\t');
        if (record.Level is { } level) line.Append(Label(level)).Append('\t');
        line.Append(record.Message);
        if (record.Exception is { } error)
        {
            if (!string.IsNullOrEmpty(record.Message)) line.Append('\n');
            line.Append(error);
        }
        Encoding.UTF8.GetBytes(line.ToString(), output);
    }

    private static string Label(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
