using Automation.Connections;
using static Automation.Tests.Connections.Sessions;

namespace Automation.Tests.Connections;

public sealed class BlockingChainsTests
{
    [Fact]
    public void WaitersByBlocker_Chain_CountsThoseBehindOthersForItsHeadAlone()
    {
        var waiters = BlockingChains.WaitersByBlocker(
            [InTransaction(1, TimeSpan.Zero), Active(2) with { BlockedBy = [1] }, Active(3) with { BlockedBy = [2] }, Active(4) with { BlockedBy = [1, 2] }]);

        Assert.Equal(new Dictionary<int, int> { [1] = 3 }, waiters);
    }

    [Fact]
    public void WaitersByBlocker_Cycle_HasNoHead()
    {
        var waiters = BlockingChains.WaitersByBlocker([Active(1) with { BlockedBy = [2] }, Active(2) with { BlockedBy = [1] }]);

        Assert.Empty(waiters);
    }

    [Fact]
    public void WaitersByBlocker_CycleBehindAHead_IsCountedOnce()
    {
        var waiters = BlockingChains.WaitersByBlocker([Active(1) with { BlockedBy = [2, 9] }, Active(2) with { BlockedBy = [1] }]);

        Assert.Equal(new Dictionary<int, int> { [9] = 2 }, waiters);
    }

    [Fact]
    public void WaitersByBlocker_NobodyWaits_IsEmpty() => Assert.Empty(BlockingChains.WaitersByBlocker([Active(1)]));
}
