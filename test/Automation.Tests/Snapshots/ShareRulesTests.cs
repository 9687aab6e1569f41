using Automation.Snapshots;
using static Automation.Tests.Snapshots.Given;

namespace Automation.Tests.Snapshots;

public sealed class ShareRulesTests
{
    private const string Account = "210987654321", Other = "111111111111";

    [Fact]
    public void Decide_AllowedAccountAndUsableKey_Shares()
    {
        var (change, finding) = ShareRules.Decide(Own(Slot), [], Account, [Account], new SharedKey.Usable());

        Assert.Null(finding);
        Assert.Equal((Account, true), (change!.Account, change.Share));
    }

    [Fact]
    public void Decide_SharedAsRdsSays_IsDone() => Assert.Equal((null, null), ShareRules.Decide(Own(Slot), [Account], Account, [Account], new SharedKey.Usable()));

    [Fact]
    public void Decide_NoSnapshot_WaitsForOne() => Assert.Equal((null, null), ShareRules.Decide(null, [], Account, [Account], null));

    // Whoever may tag a database must not be able to hand its data out.
    [Fact]
    public void Decide_AccountOfTheTagAlone_IsRefusedWhateverTheKeySays()
    {
        var (change, finding) = ShareRules.Decide(Own(Slot), [], Account, [Other], new SharedKey.Usable());

        Assert.Null(change);
        Assert.Equal((Reasons.AccountNotAllowed, Account), (finding!.Reason, finding.About));
    }

    [Fact]
    public void Decide_KeyDoesNotAllowIt_SaysWhatIsMissing()
    {
        Assert.Equal(Reasons.NotEncrypted, ShareRules.Decide(Own(Slot), [], Account, [Account], null).Finding!.Reason);
        Assert.Contains("AWS's own key", ShareRules.Decide(Own(Slot), [], Account, [Account], new SharedKey.OfAws()).Finding!.Sentence, StringComparison.Ordinal);
        Assert.Contains($"\"arn:aws:iam::{Account}:root\"", ShareRules.Decide(Own(Slot), [], Account, [Account], new SharedKey.NotShared()).Finding!.Sentence, StringComparison.Ordinal);
        Assert.Contains("is in state Disabled", ShareRules.Decide(Own(Slot), [], Account, [Account], new SharedKey.Unusable("is in state Disabled")).Finding!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Ended_PastItsWindow_EndsButForTheNewest()
    {
        var old = Shared(Slot.AddDays(-8), Account);
        var newest = Shared(Slot, Account);

        var ended = Assert.Single(ShareRules.Ended([old, newest], [Account], Now));

        Assert.Equal((old.Id, Account, false), (ended.Snapshot.Id, ended.Account, ended.Share));
        Assert.Empty(ShareRules.Ended([old], [Account], Now));
        Assert.Empty(ShareRules.Ended([Shared(Slot.AddDays(-6), Account), newest], [Account], Now));
    }

    [Fact]
    public void Ended_AccountMayHaveNoneAnyMore_EndsAtOnce() =>
        Assert.Equal(Other, Assert.Single(ShareRules.Ended([Shared(Slot, Account, Other)], [Account], Now)).Account);

    private static OwnSnapshot Shared(DateTimeOffset slot, params string[] accounts) => Own(slot) with { SharedWith = accounts };
}
