using Automation.Benchmarks.Scale;
using Automation.Lab.Lambda;
using Automation.Lab.Screen;

namespace Automation.Benchmarks.Starts;

/// <summary>Every function of the template, cold and warm, in an account of ten databases; each beside one that does nothing.</summary>
internal static class FunctionsBenchmark
{
    private const int Rounds = 7, Databases = 10;

    /// <summary>What each answers without a database's server: those that reach one are measured by the parts of their own.</summary>
    private static readonly Dictionary<string, string> Events = new Dictionary<string, string>
    {
        ["RelieveConnectionsFunction"] = "cloudwatch-alarm-stale",
        ["RotateSecretFunction"] = "rotate-secret-by-hand",
        ["TakeSnapshotsFunction"] = "eventbridge-schedule-take-snapshots",
        ["ReconcileSnapshotsFunction"] = "eventbridge-schedule-reconcile-snapshots",
        ["TestFailoverFunction"] = "eventbridge-schedule-test-failover",
        ["GrowStorageFunction"] = "eventbridge-schedule-grow-storage",
        ["ForecastStorageFunction"] = "eventbridge-schedule-forecast-storage",
        ["PrepareDatabaseFunction"] = "prepare-by-hand",
    };

    public static async Task<IReadOnlyList<FunctionFigures>> RunAsync(string executable, FunctionStart nothing, IStory story, CancellationToken cancellation)
    {
        await using var account = await ScaleAccount.StartAsync(story, cancellation);
        account.Fleet.Databases = Databases;
        var figures = account.Account.Template.Functions.Select(function => new FunctionFigures(function.LogicalId, function.Name)).ToList();
        return await story.StepAsync("every function, cold and warm in turns", async () =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var one in figures)
                {
                    // Of its own, so that none of the others' processes is left from the turn before.
                    await using var functions = await account.DeployAsync(executable, cancellation);
                    var cold = await InvokeAsync(functions, one, cancellation);
                    one.FirstPoll.Add(cold.InitDuration!.Value);
                    one.Cold.Add(cold.Duration);
                    var warm = await InvokeAsync(functions, one, cancellation);
                    one.Warm.Add(warm.Duration);
                    one.PeakMB.Add(warm.MaxMemoryUsedMB);
                    await nothing.MeasureAsync(one.Nothing, cancellation);
                }
            }
            return figures;
        }, _ => $"{Rounds} rounds");
    }

    private static async Task<InvocationReport> InvokeAsync(FunctionFleet functions, FunctionFigures one, CancellationToken cancellation)
    {
        var answer = await functions.InvokeAsync(one.Function, ScaleAccount.Event(Events[one.Function]), cancellation);
        // A fast failure would look like a fast function.
        return answer.Succeeded
            ? functions.Invocations.Entries[^1].Result.Report
            : throw new InvalidOperationException($"{one.Name}: {answer.ErrorType}: {answer.ErrorMessage}");
    }
}
