using System.Diagnostics;
using System.Globalization;
using Amazon.Runtime;
using Automation.Lab.CommandLine;
using Automation.Lab.Incidents;
using Automation.Lab.Report;
using Automation.Lab.Screen;
using Automation.Lab.Setup;
using Automation.Lab.Soak;

namespace Automation.Lab;

/// <summary>The program: does what the command line asks for.</summary>
internal static class LabProgram
{
    private const string Interrupted = "it was interrupted.";

    /// <returns>One of <see cref="LabExit"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        switch (LabArguments.Parse(arguments))
        {
            case LabArguments.Story story:
                return story.Report is { } file && ReportFile.Problem(file) is { } wrong
                    ? Refuse($"--report {wrong}")
                    : await EndInOrderAsync(story.Keep, (screen, interrupted) => TellAsync(story, screen, interrupted));
            case LabArguments.Soak(var options):
                return options.Problem() is { } unusable
                    ? Refuse(unusable)
                    : await EndInOrderAsync(staysUntilInterrupted: false, (screen, interrupted) => SoakAsync(options, screen, interrupted));
            case LabArguments.Problem problem:
                return Refuse(problem.Text);
            case LabArguments.Help:
                Console.WriteLine(LabHelp.Text);
                return LabExit.Succeeded;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Whatever Ctrl-C interrupts ends what it started.</summary>
    private static async Task<int> EndInOrderAsync(bool staysUntilInterrupted, Func<ConsoleStory, CancellationToken, Task<int>> run)
    {
        var screen = new ConsoleStory(ConsoleStory.ConsoleFor(Console.IsOutputRedirected));
        using var interruption = new Interruption();
        try
        {
            var code = await run(screen, interruption.Token);
            if (!interruption.Token.IsCancellationRequested || staysUntilInterrupted) return code;
        }
        catch (LabEndingException e) when (!interruption.IsAskedAgain)
        {
            screen.Check(new Check("everything that was started could be stopped in order", false, e.Message));
            return interruption.Token.IsCancellationRequested ? LabExit.Interrupted : LabExit.CheckFailed;
        }
        catch (Exception) when (interruption.Token.IsCancellationRequested)
        {
            // Whatever it was: Ctrl-C in a terminal reaches the lab's servers too, and their clients see them go.
        }
        if (interruption.IsAskedAgain) return LabExit.Interrupted;
        screen.Line(Leftovers.Names is { Count: > 0 } left
            ? $"interrupted; what did not stop is ended now: {string.Join(", ", left)}"
            : "interrupted; everything that was started has been stopped");
        return LabExit.Interrupted;
    }

    private static async Task<int> TellAsync(LabArguments.Story asked, ConsoleStory screen, CancellationToken interrupted)
    {
        var started = Stopwatch.GetTimestamp();
        await using var recorder = asked.Report is null ? null : new RunRecorder(TimeProvider.System);
        var outline = new Outline(screen);
        var story = recorder?.Tell(outline) ?? outline;
        story.Chapter("An AWS account on this machine");
        story.Line("A real PostgreSQL, the AWS API, and the functions of template.yaml as they are deployed. Everything below really happens.");
        story.Line(string.Create(CultureInfo.InvariantCulture,
            $"{(asked.IsPart ? string.Join(", ", asked.Incidents) : "the whole day")}; MODE={(asked.Observe ? "observe" : "act")}; seed {asked.Seed}"));
        LocalLab lab;
        try
        {
            lab = await story.StepAsync("building it from real parts", () => LocalLab.StartAsync(LabDay.OptionsFor(asked), story.Line, interrupted),
                lab => $"AWS API at {lab.Account.Endpoint.Uri}, instance {lab.Database.Id} at localhost:{lab.Database.Gate.Port} (PostgreSQL {lab.Database.Server.Version}, TLS, IAM)");
        }
        catch (Exception e)
        {
            var isInterrupted = interrupted.IsCancellationRequested;
            if (!isInterrupted) story.Check(new Check("the lab could be set up", false, e.Message));
            if (recorder is not null) await ReportFile.WriteAsync(asked.Report!, recorder, asked.Seed, story, [], isInterrupted ? Interrupted : "the lab could not be set up.");
            if (isInterrupted) throw;
            return LabExit.SetupFailed;
        }
        await using (lab)
        {
            string? broken = null;
            try
            {
                if (recorder is not null) await recorder.WatchAsync(lab, interrupted);
                await LabDay.RunAsync(lab, asked, story, interrupted);
            }
            catch (OperationCanceledException) when (!interrupted.IsCancellationRequested)
            {
                broken = "something that should have happened did not.";
                story.Check(new Check("every incident ended in time", false, broken));
            }
            catch (Exception e) when (!interrupted.IsCancellationRequested)
            {
                broken = $"{e.GetType().Name}: {e.Message}";
                story.Check(new Check("every incident could be told to its end", false, broken));
            }
            catch (Exception) when (recorder is not null)
            {
                // Without those of Secrets Manager: what would be asked for them may have been interrupted, too.
                await ReportFile.WriteAsync(asked.Report!, recorder, asked.Seed, story, KnownSecrets.OfDatabasesAndRoles(lab), Interrupted);
                throw;
            }
            if (recorder is not null) await ReportAsync(asked, lab, recorder, story, broken);
            screen.Summary(outline.Scenes, Stopwatch.GetElapsedTime(started));
            if (asked.Keep) await KeptLab.WaitAsync(lab, screen, interrupted);
        }
        return outline.Scenes.All(scene => scene.Checks.All(check => check.Holds)) ? LabExit.Succeeded : LabExit.CheckFailed;
    }

    private static async Task ReportAsync(LabArguments.Story asked, LocalLab lab, RunRecorder recorder, IStory story, string? broken)
    {
        var secrets = KnownSecrets.OfDatabasesAndRoles(lab).ToList();
        story.Chapter("The report");
        try
        {
            secrets.AddRange(await KnownSecrets.OfSecretsManagerAsync(lab));
        }
        catch (Exception e) when (e is AmazonServiceException or HttpRequestException or OperationCanceledException)
        {
            story.Check(new Check("Secrets Manager tells which passwords are to be looked for", false, $"{e.Message}; the report is not written"));
            return;
        }
        await ReportFile.WriteAsync(asked.Report!, recorder, asked.Seed, story, secrets, broken);
    }

    private static async Task<int> SoakAsync(SoakOptions options, ConsoleStory screen, CancellationToken interrupted)
    {
        try
        {
            return await Soak.Soak.RunAsync(options, screen, interrupted);
        }
        catch (OperationCanceledException) when (!interrupted.IsCancellationRequested)
        {
            screen.Check(new Check("everything that was begun ended in time", false, "something did not"));
            return LabExit.CheckFailed;
        }
        catch (InvalidOperationException e) when (!interrupted.IsCancellationRequested)
        {
            screen.Check(new Check("the soak could be set up, and what it makes happen happened", false, e.Message));
            return LabExit.SetupFailed;
        }
        catch (Exception e) when (e is not LabEndingException && !interrupted.IsCancellationRequested)
        {
            screen.Check(new Check("the soak could be judged", false, $"{e.GetType().Name}: {e.Message}"));
            return LabExit.CheckFailed;
        }
    }

    private static int Refuse(string problem)
    {
        Console.Error.WriteLine(problem);
        return LabExit.SetupFailed;
    }
}
