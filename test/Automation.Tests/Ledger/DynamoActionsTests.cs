using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Automation.Ledger;
using NSubstitute;
using static Automation.Tests.Ledger.Records;

namespace Automation.Tests.Ledger;

/// <summary>What DynamoDB answers under contention, which moto never does: transactions that meet on the switch item.</summary>
public sealed class DynamoActionsTests : IDisposable
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private readonly FakeTime time = new(Now);
    private readonly IAmazonDynamoDB dynamo = Substitute.For<IAmazonDynamoDB>();
    private readonly DynamoActions actions;
    private readonly Queue<string[]?> answers = new();
    private int asked;

    public DynamoActionsTests()
    {
        actions = new DynamoActions(dynamo, "ledger", time);
        dynamo.TransactWriteItemsAsync(Arg.Any<TransactWriteItemsRequest>(), Arg.Any<CancellationToken>()).Returns(_ =>
        {
            asked++;
            return answers.Dequeue() is { } codes
                ? throw new TransactionCanceledException("cancelled") { CancellationReasons = [.. codes.Select(code => new CancellationReason { Code = code })] }
                : new TransactWriteItemsResponse();
        });
    }

    // Waits are the fake clock's: it is moved until the call has its answer.
    private async Task<RecordResult> RecordAsync()
    {
        var recording = actions.RecordAsync(Record(TimeSpan.Zero), [], cancellation);
        while (!recording.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        return await recording;
    }

    [Fact]
    public async Task Record_ConflictsThatPass_IsRecorded()
    {
        answers.Enqueue(["TransactionConflict", "None", "None"]);
        answers.Enqueue(["None", "TransactionConflict", "None"]);
        answers.Enqueue(null);

        Assert.IsType<RecordResult.Recorded>(await RecordAsync());
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task Record_ConflictThatNeverEnds_Throws()
    {
        for (var answer = 0; answer < 50; answer++) answers.Enqueue(["TransactionConflict", "None", "None"]);

        await Assert.ThrowsAsync<TransactionCanceledException>(RecordAsync);
        Assert.Equal(6, asked);
    }

    [Fact]
    public async Task Record_ConflictBesideARefusal_IsRefusedAtOnce()
    {
        answers.Enqueue(["TransactionConflict", "ConditionalCheckFailed", "None"]);

        Assert.Equal(new RecordResult.Stopped("connections"), await RecordAsync());
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Record_CancelledForAnotherReason_ThrowsAtOnce()
    {
        answers.Enqueue(["None", "None", "ItemCollectionSizeLimitExceeded"]);

        await Assert.ThrowsAsync<TransactionCanceledException>(RecordAsync);
        Assert.Equal(1, asked);
    }

    public void Dispose() => dynamo.Dispose();
}
