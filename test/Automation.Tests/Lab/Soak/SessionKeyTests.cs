using Automation.Lab.Soak;

namespace Automation.Tests.Lab.Soak;

public sealed class SessionKeyTests
{
    private static readonly DateTime Start = new(2026, 1, 14, 3, 0, 0, 123, DateTimeKind.Utc);

    [Fact]
    public void Of_PidAndStart_IsAsInTheLedger() => Assert.Equal("17-20260114030000123000", SessionKey.Of(17, Start));

    [Theory]
    [InlineData("17-20260114030000123000", true)]
    [InlineData("17-20260114030001123000", false)] // the pid's next session
    [InlineData("18-20260114030000123000", false)]
    public void Names_ASessionWhoseStartIsKnown_ByPidAndStart(string record, bool names) => Assert.Equal(names, SessionKey.Names(record, SessionKey.Of(17, Start)));

    [Theory]
    [InlineData("17-20260114030000123000", true)]
    [InlineData("171-20260114030000123000", false)]
    [InlineData("7-20260114030000123000", false)]
    public void Names_ASessionWhoseStartIsNot_ByItsPid(string record, bool names) => Assert.Equal(names, SessionKey.Names(record, SessionKey.Of(17, null)));
}
