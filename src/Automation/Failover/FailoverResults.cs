using System.Text.Json;
using Automation.Fleet;
using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Failover;

/// <summary>What is done with the end of a test: the ledger keeps its numbers, the store its page, people get the conclusion.</summary>
internal sealed class FailoverResults(ILedger ledger, IReportStore store, TimeProvider time)
{
    /// <summary>A part of what the end of a function has: people are told after it.</summary>
    private static readonly TimeSpan StoreLimit = TimeSpan.FromSeconds(5);

    public async Task<Conclusion> ConcludeAsync(RdsDatabase database, TestEnd end)
    {
        switch (end)
        {
            case TestEnd.Called(var report, var record, var leftBehind):
                await ConfirmAsync(record with { After = JsonSerializer.Serialize(EarlierTest.Of(report), FailoverRecordJson.Default.EarlierTest) }, ActionResult.Done);
                return await WriteAsync(report, leftBehind);
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

    private async Task<Conclusion> WriteAsync(FailoverReport report, string? leftBehind)
    {
        try
        {
            return FailoverConclusions.Tested(report, await StoreAsync(report), leftBehind);
        }
        // A mistake of ours in the words: what was found must not be told as "not tested".
        catch (Exception e)
        {
            return FailoverConclusions.Broken(report.Database, $"{report.Reason}: {report.Sentence}; the report could not be written: {e.GetType().Name}");
        }
    }

    private async Task<string?> StoreAsync(FailoverReport report)
    {
        using var limit = new CancellationTokenSource(StoreLimit, time);
        try
        {
            return await store.SaveAsync(report, FailoverPage.Write(report), FailoverDetails.Of(report, null).GetRawText(), limit.Token);
        }
        // Whatever it is, also a mistake in drawing it: the message has what matters.
        catch (Exception)
        {
            return null;
        }
    }
}
