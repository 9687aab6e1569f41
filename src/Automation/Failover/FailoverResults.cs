using System.Text.Json;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Failover;

/// <summary>What is done with the end of a test: the ledger keeps its numbers, the store its page, people get the conclusion.</summary>
internal sealed class FailoverResults(ILedger ledger, IReportStore store)
{
    public async Task<Conclusion> ConcludeAsync(RdsDatabase database, TestEnd end)
    {
        switch (end)
        {
            case TestEnd.Called(var report, var record, var leftBehind):
                await ConfirmAsync(record with { After = JsonSerializer.Serialize(EarlierTest.Of(report), FailoverRecordJson.Default.EarlierTest) }, ActionResult.Done);
                return FailoverConclusions.Tested(report, await StoreAsync(report), leftBehind);
            case TestEnd.NotCalled(var finding, var checks):
                if (finding.Record is { } refused) await ConfirmAsync(refused, ActionResult.Failed);
                return FailoverConclusions.NotCalled(database, finding, checks);
            case TestEnd.Broken(var sentence):
                return FailoverConclusions.Broken(database, sentence);
            default:
                throw new InvalidOperationException($"No case for {end.GetType().Name}.");
        }
    }

    /// <summary>Without it the record says "unconfirmed", which is true.</summary>
    private async Task ConfirmAsync(ActionRecord record, ActionResult result)
    {
        try
        {
            await ledger.ConfirmAsync(record, result, CancellationToken.None);
        }
        catch (Exception e) when (AwsFailure.Is(e, CancellationToken.None))
        {
            // The outcome has the numbers.
        }
    }

    private async Task<string?> StoreAsync(FailoverReport report)
    {
        try
        {
            return await store.SaveAsync(report, FailoverPage.Write(report), FailoverDetails.Of(report, null).GetRawText(), CancellationToken.None);
        }
        catch (Exception e) when (AwsFailure.Is(e, CancellationToken.None))
        {
            // The message has what matters.
            return null;
        }
    }
}
