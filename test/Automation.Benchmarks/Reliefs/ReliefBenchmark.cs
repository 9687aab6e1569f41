using System.Diagnostics;
using System.Globalization;
using System.Text;
using Automation.Lab;
using Automation.Lab.Incidents;
using Automation.Lab.Lambda;
using Automation.Lab.Screen;

namespace Automation.Benchmarks.Reliefs;

/// <summary>
/// A database without a free slot, an alarm, and the time until it is relieved: PostgreSQL, TLS, IAM login and AWS's
/// protocols are real, AWS's distances are not.
/// </summary>
internal static class ReliefBenchmark
{
    public const string Function = "RelieveConnectionsFunction";

    private const int Rounds = 3;

    // Kept by the server: 3 for superusers, 2 for rds_superuser, and the lab's own session, as RDS has one.
    private const int OtherSlots = 6;

    /// <summary>What one run ends at most, by default (README).</summary>
    private const int Victims = 5;

    public static async Task<ReliefFigures> RunAsync(string executable, int sessions, IStory story, CancellationToken cancellation)
    {
        await using var lab = await story.StepAsync("building an account with one database",
            () => LocalLab.StartAsync(new LocalLabOptions
            {
                Executable = executable,
                ConnectionsTag = string.Create(CultureInfo.InvariantCulture, $"act idle-in-transaction={IdleSessions.LimitSeconds}s"),
                MaxConnections = sessions + OtherSlots,
            }, story.Line, cancellation), lab => $"PostgreSQL {lab.Database.Server.Version}");
        await using var applications = await story.StepAsync("an application takes every slot",
            () => IdleSessions.OpenAsync(lab.Database, sessions, cancellation), _ => $"{sessions} sessions idle in transaction; one more is refused");
        return await story.StepAsync("relieving it, cold and warm in turns", async () =>
        {
            var figures = new ReliefFigures { Sessions = sessions };
            for (var round = 0; round < Rounds; round++)
            {
                // Its first event finds no process, its second does.
                await using var functions = await lab.DeployAsync(new Dictionary<string, string>(), cancellation);
                foreach (var samples in (ReliefSamples[])[figures.Cold, figures.Warm])
                {
                    await applications.FillUpAsync(cancellation);
                    await Ledger.EmptyAsync(lab, cancellation);
                    await RelieveAsync(lab, functions, applications, samples, figures, cancellation);
                }
            }
            return figures;
        }, _ => $"{Rounds} times each");
    }

    private static async Task RelieveAsync(LocalLab lab, FunctionFleet functions, IdleSessions applications,
        ReliefSamples samples, ReliefFigures figures, CancellationToken cancellation)
    {
        var calls = lab.Account.Endpoint.Calls.Entries.Count;
        var alarm = AlarmPayload.Read("cloudwatch-alarm-single-metric", lab.Database.Id, DateTimeOffset.UtcNow);
        var sent = Stopwatch.GetTimestamp();
        var answer = await functions.InvokeAsync(Function, alarm, cancellation);
        samples.Answer.Add(Stopwatch.GetElapsedTime(sent));

        var text = Encoding.UTF8.GetString(answer.Payload.Span);
        // The answer comes two seconds after the last session has ended: by then its client knows.
        if (!answer.Succeeded || FunctionOutcome.Read(answer.Payload) is not { Decision: "acted" } || applications.Ended is not { Count: Victims } ended)
            throw new InvalidOperationException($"Not a relief of {Victims} sessions, but {applications.Ended.Count} with this answer: {text}");
        samples.FirstEnded.Add(Stopwatch.GetElapsedTime(sent, ended[0]));
        samples.LastEnded.Add(Stopwatch.GetElapsedTime(sent, ended[^1]));
        figures.AwsCalls.Add(lab.Account.Endpoint.Calls.Entries.Count - calls);
        figures.PeakMB.Add(functions.Invocations.Entries[^1].Result.Report.MaxMemoryUsedMB);
    }
}
