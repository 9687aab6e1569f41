using System.Globalization;
using System.Text;
using Amazon.Lambda.Core;

namespace Automation.LabTests.Secrets;

/// <summary>Everything a function writes: log lines with their arguments, metrics, results, and its errors.</summary>
internal sealed class RotationOutput : Stream, ILambdaLogger
{
    private readonly Lock writing = new();
    private readonly StringBuilder text = new();

    public string Text
    {
        get
        {
            lock (writing) return text.ToString();
        }
    }

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Log(string message) => Append(message);

    public void LogLine(string message) => Append(message + "\n");

    public void Log(string level, string message, params object[] args) =>
        Append($"{level} {message} {string.Join(" | ", args.Select(arg => Convert.ToString(arg, CultureInfo.InvariantCulture)))}\n");

    public override void Write(byte[] buffer, int offset, int count) => Append(Encoding.UTF8.GetString(buffer, offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Append(string written)
    {
        lock (writing) text.Append(written);
    }
}
