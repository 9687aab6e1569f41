using System.Text;
using System.Text.Json.Nodes;
using Automation.Lab.Incidents;
using Automation.Lab.Lambda;
using Automation.Lab.Screen;

namespace Automation.Benchmarks.Starts;

/// <summary>
/// The function, one that does nothing and Python, started in turns: what else the machine does meets all three, so that
/// their ratios hold where their times do not.
/// </summary>
internal static class StartBenchmark
{
    private const int Rounds = 21;

    public static async Task<StartFigures> RunAsync(string function, string nothing, IStory story, CancellationToken cancellation)
    {
        var python = await PythonStart.FindAsync(PythonStart.ImportAndClient, story.Line, cancellation);
        var ours = new FunctionStart(Define("relieve-connections", function, new Dictionary<string, string>
        {
            ["ANNOTATIONS_HANDLER"] = "RelieveConnections",
            ["NOTIFICATION_TOPIC_ARN"] = "arn:aws:sns:eu-central-1:123456789012:notifications",
            ["LEDGER_TABLE_NAME"] = "ledger",
            // Nothing listens there: the event is over before AWS would be asked.
            ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9",
        }), RecoveredAlarm(), "nothing-to-do");
        var theirs = Nothing(nothing);

        // The first start reads the files from disk.
        await ours.MeasureAsync(new StartSamples(), cancellation);
        await theirs.MeasureAsync(new StartSamples(), cancellation);
        await python.MeasureAsync(cancellation);

        var figures = new StartFigures();
        return await story.StepAsync("starting each in turn", async () =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                await ours.MeasureAsync(figures.Function, cancellation);
                await theirs.MeasureAsync(figures.Nothing, cancellation);
                figures.Python.Add(await python.MeasureAsync(cancellation));
                figures.PythonPeakMB.Add(await python.MeasurePeakAsync(cancellation));
            }
            return figures;
        }, _ => $"{Rounds} rounds");
    }

    /// <summary>The function that does nothing.</summary>
    public static FunctionStart Nothing(string executable) => new(Define("nothing", executable, new Dictionary<string, string>()), "{}"u8.ToArray(), "{}");

    /// <summary>The cheapest event: an alarm that is over is decided from itself.</summary>
    private static byte[] RecoveredAlarm()
    {
        var alarm = JsonNode.Parse(AlarmPayload.Read("cloudwatch-alarm-single-metric", "orders", DateTimeOffset.UtcNow))!;
        alarm["detail"]!["state"]!["value"] = "OK";
        return Encoding.UTF8.GetBytes(alarm.ToJsonString());
    }

    private static FunctionDefinition Define(string name, string executable, IReadOnlyDictionary<string, string> environment) => new()
    {
        Name = name,
        ExecutablePath = executable,
        Handler = Path.GetFileName(executable),
        Region = "eu-central-1",
        Environment = environment,
        Credentials = new FunctionCredentials("ASIALABFUNCTION00001", "lab/function/secret/not/a/real/one", "lab-session-token"),
        // As template.yaml has them.
        Timeout = TimeSpan.FromSeconds(60),
        MemoryMB = 512,
        LogFormat = "JSON",
    };
}
