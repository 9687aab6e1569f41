using System.Text;
using Automation.Benchmarks.Starts;
using Automation.Lab;
using Automation.Lab.Account;
using Automation.Lab.Lambda;
using Automation.Lab.Screen;
using Automation.Lab.Secrets;

namespace Automation.Benchmarks.Rotations;

/// <summary>
/// Whole rotations, by RotateSecret and by AWS's Python sample in turns, on one database: PostgreSQL, TLS, SCRAM and AWS's
/// protocols are real, AWS's distances are not.
/// </summary>
internal static class RotationBenchmark
{
    public const string Function = "RotateSecretFunction";

    private const int Rounds = 7, WarmOfRound = 3;

    public static async Task<RotationComparison> RunAsync(string executable, IStory story, CancellationToken cancellation)
    {
        await using var lab = await story.StepAsync("building an account with one database",
            () => LocalLab.StartAsync(new LocalLabOptions { Executable = executable, ConnectionsTag = "off" }, story.Line, cancellation),
            lab => $"PostgreSQL {lab.Database.Server.Version}");
        var python = await PythonStart.FindAsync(PythonStart.Import, story.Line, cancellation);
        var sample = await PythonRotation.PrepareAsync(lab, python, story.Line, cancellation);
        var secret = await RotatedSecret.CreateAsync(lab, "checkout", cancellation);
        var sampleSecret = await RotatedSecret.CreateAsync(lab, "reporting", cancellation);

        async Task RoundAsync(RotationComparison figures)
        {
            await RunFunctionAsync(lab, secret, figures.Function, cancellation);
            await RunSampleAsync(sample, sampleSecret, figures.Sample, cancellation);
            figures.Import.Add(await python.MeasureAsync(cancellation));
        }

        return await story.StepAsync("rotating, cold and warm in turns", async () =>
        {
            // The first start of each reads its files from disk.
            await RoundAsync(new RotationComparison());
            var figures = new RotationComparison();
            for (var round = 0; round < Rounds; round++) await RoundAsync(figures);
            return figures;
        }, _ => $"{Rounds} rounds of one cold and {WarmOfRound} warm rotations");
    }

    private static async Task RunFunctionAsync(LocalLab lab, RotatedSecret secret, RotationFigures figures, CancellationToken cancellation)
    {
        // Its first event finds no process.
        await using var functions = await lab.DeployAsync(new Dictionary<string, string>(), cancellation);
        await RotateAsync((payload, stop) => functions.InvokeAsync(Function, Encoding.UTF8.GetBytes(payload), stop), secret, figures, cancellation);
        var invocations = functions.Invocations.Entries;
        Keep(invocations[0].Result.Report, invocations[^1].Result.Report, figures);
    }

    private static async Task RunSampleAsync(FunctionDefinition sample, RotatedSecret secret, RotationFigures figures, CancellationToken cancellation)
    {
        var reports = new List<InvocationReport>();
        await using var host = await FunctionHost.StartAsync(sample, _ => { }, cancellation);
        await RotateAsync(async (payload, stop) =>
        {
            var result = await host.InvokeAsync(Encoding.UTF8.GetBytes(payload), stop);
            reports.Add(result.Report);
            return new FunctionAnswer
            {
                Succeeded = result.Succeeded,
                ErrorType = result.ErrorType,
                ErrorMessage = result.ErrorMessage,
                Payload = result.Payload,
            };
        }, secret, figures, cancellation);
        Keep(reports[0], reports[^1], figures);
    }

    private static async Task RotateAsync(
        InvokeRotation function, RotatedSecret secret, RotationFigures figures, CancellationToken cancellation)
    {
        await secret.RotateAsync(function, figures.Cold, cancellation);
        for (var warm = 0; warm < WarmOfRound; warm++) await secret.RotateAsync(function, figures.Warm, cancellation);
    }

    private static void Keep(InvocationReport first, InvocationReport last, RotationFigures figures)
    {
        figures.FirstPoll.Add(first.InitDuration!.Value);
        figures.PeakMB.Add(last.MaxMemoryUsedMB);
    }
}
