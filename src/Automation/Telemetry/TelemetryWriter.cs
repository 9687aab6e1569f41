using System.Text.Json;
using Automation.Outcomes;

namespace Automation.Telemetry;

/// <summary>
/// Writes metrics and the result as one raw JSON line each. The stream must be the process's own standard output
/// (<see cref="Console.OpenStandardOutput()"/>): with <c>AWS_LAMBDA_LOG_FORMAT=JSON</c> the runtime wraps whatever goes
/// through <see cref="Console.Out"/> into a JSON of its own, in which CloudWatch finds no metric.
/// </summary>
internal sealed class TelemetryWriter(Stream output, TimeProvider time)
{
    private readonly Lock writing = new();

    /// <summary>Metrics of one database; nothing is written when no value is finite or the database has no name.</summary>
    public void WriteDatabase(string database, params IReadOnlyList<MetricValue> values)
    {
        var finite = values.Where(value => double.IsFinite(value.Value)).ToList();
        if (finite.Count > 0 && database.Length > 0)
            WriteLine(writer => MetricLine.WriteDatabase(writer, database, finite, time.GetUtcNow()));
    }

    /// <summary>The end of an invocation: its counts, then its result as the last line.</summary>
    public void WriteResult(FunctionResult result)
    {
        WriteLine(writer => MetricLine.WriteCapability(writer, result, time.GetUtcNow()));
        WriteLine(writer => JsonSerializer.Serialize(writer, result, OutcomesJson.Default.FunctionResult));
    }

    private void WriteLine(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) write(writer);
        buffer.WriteByte((byte)'\n');
        // One write: lines of a shared pipe must not mix.
        lock (writing)
        {
            output.Write(buffer.GetBuffer(), 0, (int)buffer.Length);
            output.Flush();
        }
    }
}
