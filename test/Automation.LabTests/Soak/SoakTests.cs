using Automation.Lab.Screen;
using Automation.Lab.Soak;
using Spectre.Console;

namespace Automation.LabTests.Soak;

public sealed class SoakTests
{
    // A minute of both processors, for which the CI has no time: `Automation.LabTests -explicit only -class "*.SoakTests"`, or the
    // command itself (docs/lab.md).
    [Fact(Explicit = true)]
    public async Task Soak_Short_ViolatesNoInvariant()
    {
        var (verdicts, problems) = await Automation.Lab.Soak.Soak.JudgeAsync(
            new SoakOptions { Seed = 8, Length = TimeSpan.FromSeconds(12) }, new ConsoleStory(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) })), TestContext.Current.CancellationToken);

        Assert.Empty(problems);
        Assert.All(verdicts, verdict => Assert.Empty(verdict.Violations));
        // Which actions there is time for differs from machine to machine; that there was something to judge does not.
        Assert.All(verdicts.Where(verdict => verdict.Invariant.Split(' ')[0] is "1" or "4" or "7" or "9"), verdict => Assert.True(verdict.Holds, verdict.Invariant));
    }
}
