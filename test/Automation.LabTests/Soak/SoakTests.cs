using Automation.Lab.Screen;
using Automation.Lab.Soak;
using Spectre.Console;

namespace Automation.LabTests.Soak;

public sealed class SoakTests
{
    // Two minutes of both processors, for which the CI has no time: `Automation.LabTests -explicit only -class "*.SoakTests"`, or the
    // command itself (docs/lab.md).
    [Fact(Explicit = true)]
    public async Task Soak_Short_ViolatesNoInvariant()
    {
        var (verdicts, problems) = await Automation.Lab.Soak.Soak.JudgeAsync(
            new SoakOptions { Seed = 8, Length = SoakPlan.Shortest }, new ConsoleStory(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) })), TestContext.Current.CancellationToken);

        Assert.Empty(problems);
        Assert.All(verdicts, verdict => Assert.Empty(verdict.Violations));
        Assert.All(verdicts, verdict => Assert.Empty(verdict.Missing));
    }
}
