using System.Diagnostics;
using Amazon.RDS.Model;
using Automation.Lab.Aws;
using Automation.Lab.Lambda;
using Automation.Lab.Screen;

namespace Automation.Benchmarks.Scale;

/// <summary>
/// Every function that looks at all databases, published, over fleets of growing size; beside each run a bare program that lists with
/// the SDK what the function lists, and does nothing else.
/// </summary>
internal static class ScaleBenchmark
{
    private const int Rounds = 3;
    private static readonly int[] Sizes = [10, 100, 1_000];

    public static async Task<ScaleComparison> RunAsync(string executable, IStory story, CancellationToken cancellation)
    {
        await using var account = await ScaleAccount.StartAsync(story, cancellation);
        var figures = new List<ScaleFigures>();
        foreach (var run in ScaleRuns.Of(account.Account.Template))
        {
            await story.StepAsync(run.Name, async () =>
            {
                foreach (var size in Sizes)
                {
                    (account.Fleet.Databases, account.Fleet.IsDue) = (size, run.IsDue);
                    await using var functions = await account.DeployAsync(executable, cancellation);
                    figures.Add(await MeasureAsync(run, size, account, functions, cancellation));
                }
                return figures;
            }, _ => Figures.Text($"{figures[^1].Answer.Median / 1000:0.0} s for {Sizes[^1]:N0} databases"));
        }
        return new ScaleComparison(figures);
    }

    private static async Task<ScaleFigures> MeasureAsync(ScaleRun run, int size, ScaleAccount account, FunctionFleet functions, CancellationToken cancellation)
    {
        var figures = new ScaleFigures(run, size);
        // The first run of the process is the JIT's, and may tell people what later ones do not tell again: it is not compared.
        for (var round = 0; round <= Rounds; round++)
        {
            var before = account.Account.Endpoint.Calls.Entries.Count;
            var answer = await functions.InvokeAsync(run.Function, ScaleAccount.Event(run.Event), cancellation);
            if (!answer.Succeeded) throw new InvalidOperationException($"{run.Name}, {size} databases: {answer.ErrorType}: {answer.ErrorMessage}");
            var report = functions.Invocations.Entries[^1].Result.Report;
            figures.Calls = account.Account.Endpoint.Calls.Entries.Skip(before).GroupBy(call => call.Action).ToDictionary(calls => calls.Key, calls => calls.Count());
            figures.PeakMB = report.MaxMemoryUsedMB;
            if (round == 0)
            {
                figures.Cold = report.Duration;
                continue;
            }
            figures.Answer.Add(report.Duration);
            var start = Stopwatch.GetTimestamp();
            await ListAsync(account.Clients, figures.Calls.ContainsKey("DescribeDBSnapshots"), cancellation);
            figures.Baseline.Add(Stopwatch.GetElapsedTime(start));
        }
        return figures;
    }

    private static async Task ListAsync(LabClients clients, bool snapshots, CancellationToken cancellation)
    {
        string? marker = null;
        do marker = (await clients.Rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { Marker = marker }, cancellation)).Marker;
        while (marker is not null);
        if (!snapshots) return;
        do marker = (await clients.Rds.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { Marker = marker }, cancellation)).Marker;
        while (marker is not null);
    }
}
