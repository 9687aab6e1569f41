using System.Text;
using Automation.Lab.Lambda;

namespace Automation.Benchmarks.Starts;

/// <summary>Starts a published function behind the lab's Runtime API, lets it answer one event, and ends it.</summary>
internal sealed class FunctionStart(FunctionDefinition function, ReadOnlyMemory<byte> payload, string expected)
{
    /// <exception cref="InvalidOperationException">It did not start, or its answer is not the expected one.</exception>
    public async Task MeasureAsync(StartSamples samples, CancellationToken cancellation)
    {
        await using var host = await FunctionHost.StartAsync(function, _ => { }, cancellation);
        var result = await host.InvokeAsync(payload, cancellation);
        var answer = Encoding.UTF8.GetString(result.Payload.Span);
        // A fast failure would look like a fast start.
        if (!result.Succeeded || !answer.Contains(expected, StringComparison.Ordinal))
            throw new InvalidOperationException($"{function.Name} answered its first event with {answer}");
        var poll = result.Report.InitDuration!.Value;
        samples.FirstPoll.Add(poll);
        samples.FirstAnswer.Add(poll + result.Report.Duration);
        samples.PeakMB.Add(result.Report.MaxMemoryUsedMB);
    }
}
