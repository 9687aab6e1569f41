using Automation.Failover;

namespace Automation.Tests.Failover;

public sealed class WatchRulesTests
{
    private static readonly ProbeTimes Times = new() { Settle = TimeSpan.FromSeconds(1), Quiet = TimeSpan.FromSeconds(2), SwitchLimit = TimeSpan.FromSeconds(10), RecoveryLimit = TimeSpan.FromSeconds(20) };

    [Theory]
    // Another writer answers, and nothing failed for a second.
    [InlineData("1000:refused|2000:ok 2500:ok 2990:ok", 3_100, false, nameof(Watch.Recovered))]
    [InlineData("1000:refused|2000:ok 2500:refused 2990:ok", 3_100, false, nameof(Watch.GoOn))]
    // The new writer answered, and then nobody did: silence is not steady.
    [InlineData("1000:refused|2000:ok", 3_500, false, nameof(Watch.GoOn))]
    // The old one goes on answering.
    [InlineData("1000:ok 9000:ok 9900:ok|", 9_950, false, nameof(Watch.GoOn))]
    [InlineData("1000:ok 9000:ok 10500:ok|", 11_000, false, nameof(Watch.NoSwitch))]
    [InlineData("1000:ok 2000:ok 2900:ok|", 3_000, true, nameof(Watch.NoSwitch))]
    // RDS says abandoned, but clients fail: go on looking.
    [InlineData("1000:ok 2000:ok 2900:refused|", 3_000, true, nameof(Watch.GoOn))]
    // An outage that does not end.
    [InlineData("1000:ok 2000:refused 11500:refused|", 12_000, false, nameof(Watch.GoOn))]
    [InlineData("1000:ok 2000:refused 20900:refused|", 21_000, false, nameof(Watch.NoSwitch))]
    [InlineData("1000:ok|2000:ok 20900:refused", 21_000, false, nameof(Watch.NotRecovered))]
    public void Decide_WhatOneLaneSaw_EndsTheWatching(string words, int now, bool abandoned, string expected)
    {
        var (old, @new) = words.Split('|') is [var before, var after] ? (before, after) : throw new ArgumentException(words);
        LaneJournal lane = new(Given.Lane(), [.. Given.Attempts(old), .. Given.Attempts(@new, Given.New)]);

        Assert.Equal(Enum.Parse<Watch>(expected), WatchRules.Decide([lane], Given.Old, Given.Ms(1000), Given.Ms(now), abandoned, Times));
    }

    [Fact]
    public void Decide_OneOfTwoLanesIsNotBack_GoesOn()
    {
        LaneJournal back = new(Given.Lane(), Given.Attempts("2000:ok 2500:ok 2990:ok", Given.New));
        LaneJournal stuck = new(Given.Lane(ProbePath.Proxy), Given.Attempts("2000:timeout 2500:timeout"));

        Assert.Equal(Watch.GoOn, WatchRules.Decide([back, stuck], Given.Old, Given.Ms(1000), Given.Ms(3_100), false, Times));
        Assert.Equal(Watch.Recovered, WatchRules.Decide([back], Given.Old, Given.Ms(1000), Given.Ms(3_100), false, Times));
    }

    [Fact]
    public void Decide_AReaderShowsTheNewServer_IsNoSwitchOfTheWriter()
    {
        LaneJournal writer = new(Given.Lane(), Given.Attempts("2000:ok 2500:ok 2990:ok"));
        LaneJournal reader = new(Given.Lane(ProbePath.Reader), Given.Attempts("2000:ok 2500:ok 2990:ok", Given.New));

        Assert.Equal(Watch.GoOn, WatchRules.Decide([writer, reader], Given.Old, Given.Ms(1000), Given.Ms(3_100), false, Times));
    }
}
