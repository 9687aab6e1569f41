using System.Diagnostics;
using System.Globalization;
using Automation.Lab.CommandLine;
using Automation.Lab.Incidents;
using Automation.Lab.Screen;
using Automation.Lab.Setup;

namespace Automation.Lab;

/// <summary>The program: does what the command line asks for.</summary>
internal static class LabProgram
{
    /// <returns>One of <see cref="LabExit"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        switch (LabArguments.Parse(arguments))
        {
            case LabArguments.Story story:
                return await TellAsync(story);
            case LabArguments.Soak:
                return Refuse("soak is not in this build"); // the one place where the soak is called
            case LabArguments.Problem problem:
                return Refuse(problem.Text);
            case LabArguments.Help:
                Console.WriteLine(LabHelp.Text);
                return LabExit.Succeeded;
            default:
                throw new UnreachableException();
        }
    }

    private static async Task<int> TellAsync(LabArguments.Story asked)
    {
        if (asked.Report is not null) return Refuse("--report is not in this build"); // the one place where the report joins the story
        var screen = new ConsoleStory(ConsoleStory.ConsoleFor(Console.IsOutputRedirected));
        using var interruption = new Interruption();
        try
        {
            var code = await TellAsync(asked, screen, interruption.Token);
            if (!interruption.Token.IsCancellationRequested || asked.Keep) return code;
        }
        catch (Exception) when (interruption.Token.IsCancellationRequested)
        {
            // Whatever it was: Ctrl-C in a terminal reaches the lab's servers too, and their clients see them go.
        }
        screen.Line("interrupted; everything that was started has been stopped");
        return LabExit.Interrupted;
    }

    private static async Task<int> TellAsync(LabArguments.Story asked, ConsoleStory screen, CancellationToken interrupted)
    {
        var started = Stopwatch.GetTimestamp();
        var story = new Outline(screen);
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
        catch (Exception e) when (!interrupted.IsCancellationRequested)
        {
            story.Check(new Check("the lab could be set up", false, e.Message));
            return LabExit.SetupFailed;
        }
        await using (lab)
        {
            try
            {
                await LabDay.RunAsync(lab, asked, story, interrupted);
            }
            catch (OperationCanceledException) when (!interrupted.IsCancellationRequested)
            {
                story.Check(new Check("every incident ended in time", false, "something that should have happened did not"));
            }
            catch (Exception e) when (!interrupted.IsCancellationRequested)
            {
                story.Check(new Check("every incident could be told to its end", false, $"{e.GetType().Name}: {e.Message}"));
            }
            screen.Summary(story.Scenes, Stopwatch.GetElapsedTime(started));
            if (asked.Keep) await KeptLab.WaitAsync(lab, screen, interrupted);
        }
        return story.Scenes.All(scene => scene.Checks.All(check => check.Holds)) ? LabExit.Succeeded : LabExit.CheckFailed;
    }

    private static int Refuse(string problem)
    {
        Console.Error.WriteLine(problem);
        return LabExit.SetupFailed;
    }
}
