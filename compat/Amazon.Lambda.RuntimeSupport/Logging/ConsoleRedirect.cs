using System.Globalization;
using System.Text;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport.Logging;

/// <summary>
/// Stands behind <see cref="Console.Out"/>. A line is a record; a part of a line goes out as it is, which is how text that
/// must keep its own shape (embedded metric format) gets to CloudWatch Logs. The overloads that are not here end in
/// <see cref="WriteLine(string)"/> or <see cref="Write(string)"/>.
/// </summary>
internal sealed class ConsoleRedirect(LogWriter log, LogLevel level, bool error) : TextWriter(CultureInfo.InvariantCulture)
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => log.WriteRaw(error, [value]);

    public override void Write(char[] buffer, int index, int count) => log.WriteRaw(error, buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer) => log.WriteRaw(error, buffer);

    public override void Write(string? value) => log.WriteRaw(error, value);

    public override void WriteLine() => WriteLine("");

    public override void WriteLine(string? value) => log.WriteConsole(error, level, value ?? "");

    public override void WriteLine(StringBuilder? value) => WriteLine(value?.ToString());

    public override void WriteLine(ReadOnlySpan<char> buffer) => WriteLine(buffer.ToString());

    public override void WriteLine(char[]? buffer) => WriteLine(new string(buffer));

    public override void WriteLine(char[] buffer, int index, int count) => WriteLine(new string(buffer, index, count));

    public override void WriteLine(char value) => WriteLine(value.ToString());

    public override void WriteLine(bool value) => WriteLine(value.ToString());

    public override void WriteLine(int value) => WriteLine(value.ToString(FormatProvider));

    public override void WriteLine(uint value) => WriteLine(value.ToString(FormatProvider));

    public override void WriteLine(long value) => WriteLine(value.ToString(FormatProvider));

    public override void WriteLine(ulong value) => WriteLine(value.ToString(FormatProvider));

    public override void WriteLine(float value) => WriteLine(value.ToString(FormatProvider));

    public override void WriteLine(double value) => WriteLine(value.ToString(FormatProvider));

    public override void WriteLine(decimal value) => WriteLine(value.ToString(FormatProvider));
}
