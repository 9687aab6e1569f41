using Automation.Lab.Soak;

namespace Automation.Tests.Lab.Soak;

public sealed class SoakOptionsTests
{
    private static readonly string Program = Environment.ProcessPath!;

    [Fact]
    public void Problem_OfWhatCanBeUsed_IsNone() => Assert.Null(new SoakOptions { Seed = 1, Executable = Program }.Problem());

    [Fact]
    public void Problem_OfAProgramThatIsNotThere_NamesIt() => Assert.Equal(
        "--executable '/nope' is not there: a program that was built is expected", new SoakOptions { Seed = 1, Executable = "/nope" }.Problem());

    [Fact]
    public void Problem_OfAFileThatIsNoProgram_NamesIt()
    {
        var file = typeof(SoakOptions).Assembly.Location.Replace(".dll", ".deps.json", StringComparison.Ordinal);

        Assert.Equal($"--executable '{file}' may not be run: a program is expected", new SoakOptions { Seed = 1, Executable = file }.Problem());
    }

    [Fact]
    public void Problem_OfALogThatCannotBeWritten_IsThatOfTheLog() => Assert.StartsWith(
        "--log '/nope/x' cannot be written: ", new SoakOptions { Seed = 1, Executable = Program, Log = "/nope/x" }.Problem(), StringComparison.Ordinal);
}
