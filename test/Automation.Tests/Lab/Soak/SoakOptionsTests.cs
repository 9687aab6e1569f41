using Automation.Lab.Soak;

namespace Automation.Tests.Lab.Soak;

public sealed class SoakOptionsTests
{
    [Fact]
    public void Options_WithoutWords_AreSeedOneAndAMinute() => Assert.Equal((1, TimeSpan.FromMinutes(1)), (SoakOptions.Read([]).Seed, SoakOptions.Read([]).Length));

    [Fact]
    public void Options_WithWords_AreTheirs() => Assert.Equal(
        new SoakOptions { Seed = 5, Length = TimeSpan.FromSeconds(20), Executable = "/opt/a", Log = "/tmp/b" },
        SoakOptions.Read(["--seconds", "20", "--seed", "5", "--log", "/tmp/b", "--executable", "/opt/a"]));

    [Theory]
    [InlineData("--sed", "5", "--sed")]
    [InlineData("--seed", "five", "--seed")]
    [InlineData("--seed", "-5", "--seed")]
    public void Options_ThatCannotBeRead_AreRefusedByName(string word, string value, string named) =>
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => SoakOptions.Read([word, value])).Message, StringComparison.Ordinal);

    [Fact]
    public void Options_WithoutAValue_AreRefused() => Assert.Throws<ArgumentException>(() => SoakOptions.Read(["--seed"]));
}
