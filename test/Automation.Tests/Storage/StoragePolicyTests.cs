using Automation.Outcomes;
using Automation.Storage;

namespace Automation.Tests.Storage;

public sealed class StoragePolicyTests
{
    [Theory]
    [InlineData("act max=500", Mode.Act, 500, 7 * 24, 4, false)]
    [InlineData("act max=500 horizon=14d", Mode.Act, 500, 14 * 24, 4, false)]
    [InlineData("observe", Mode.Observe, null, 7 * 24, 4, false)]
    [InlineData("max=1000 observe react=90m past-400=yes", Mode.Observe, 1000, 7 * 24, 1.5, true)]
    [InlineData("act max=500 past-400=no", Mode.Act, 500, 7 * 24, 4, false)]
    [InlineData("off", Mode.Off, null, 7 * 24, 4, false)]
    internal void Read_Value_IsTaken(string value, Mode mode, int? max, double horizonHours, double reactHours, bool mayCopy)
    {
        var policy = StoragePolicy.Read(value, out var fault);

        Assert.Null(fault);
        Assert.Equal(
            (mode, max, TimeSpan.FromHours(horizonHours), TimeSpan.FromHours(reactHours), mayCopy),
            (policy.Mode, policy.MaxGiB, policy.Horizon, policy.React, policy.MayCopy));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("act", "act")] // without max nothing bounds it
    [InlineData("act horizon=7d", "act")]
    [InlineData("max=500", "max=500")]
    [InlineData("act max=0", "max=0")]
    [InlineData("act max=500GiB", "max=500GiB")]
    [InlineData("act max=-1", "max=-1")]
    [InlineData("act max=500 past-400=maybe", "past-400=maybe")]
    [InlineData("act max=500 past-400=yes/no", "past-400=yes/no")]
    [InlineData("act max=500 horizon=0d", "horizon=0d")]
    [InlineData("act max=500 limit=600", "limit=600")]
    [InlineData("act observe max=500", "observe")]
    public void Read_Malformed_NamesTheWordAtFault(string value, string word)
    {
        _ = StoragePolicy.Read(value, out var fault);

        Assert.Equal(word, fault?.Word);
    }
}
