using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Automation.Lab.Aws;
using Automation.Lab.Setup;
using Automation.LabTests.Fixtures;
using Automation.Ledger;

namespace Automation.LabTests.Ledger;

public sealed class SwitchTests(MotoFixture moto) : LedgerTests(moto)
{
    private static readonly AttributeValue Yes = new() { BOOL = true }, No = new() { BOOL = false };

    private Task<SwitchState> ReadAsync() => Ledger.ReadSwitchAsync("connections", cancellation);

    [Fact]
    public async Task Read_NoItems_IsRunning() => Assert.IsType<SwitchState.Running>(await ReadAsync());

    [Theory]
    [InlineData("all")]
    [InlineData("connections")]
    public async Task Read_Stopped_NamesWhichAndWhy(string which)
    {
        await SwitchAsync(which, Yes, "freeze until Monday");

        Assert.Equal(new SwitchState.Stopped(which, "freeze until Monday"), await ReadAsync());
    }

    [Fact]
    public async Task Read_StartedAgain_IsRunning()
    {
        await SwitchAsync("all", No);
        await SwitchAsync("connections", No);

        Assert.IsType<SwitchState.Running>(await ReadAsync());
    }

    [Fact]
    public async Task Read_OtherCapabilityStopped_IsRunning()
    {
        await SwitchAsync("storage", Yes);

        Assert.IsType<SwitchState.Running>(await ReadAsync());
    }

    public static TheoryData<string, string> WrittenByHand => new() { { "S", "false" }, { "S", "true" }, { "N", "1" }, { "NULL", "" } };

    [Theory]
    [MemberData(nameof(WrittenByHand))]
    public async Task Read_NotABoolean_IsStopped_ForTheRecordToo(string type, string value)
    {
        await SwitchAsync("all", type switch
        {
            "S" => new() { S = value },
            "N" => new() { N = value },
            _ => new() { NULL = true },
        });

        Assert.IsType<SwitchState.Stopped>(await ReadAsync());
        Assert.Equal(new RecordResult.Stopped("all"), await Ledger.RecordAsync(Record(), [], cancellation));
    }

    [Theory]
    [InlineData("Stopped")]
    [InlineData("stop")]
    public async Task Read_MisspeltAttribute_IsStopped_ForTheRecordToo(string attribute)
    {
        await Dynamo.PutItemAsync(Table, new Dictionary<string, AttributeValue>
        {
            ["pk"] = new() { S = "switch" }, ["sk"] = new() { S = "all" }, [attribute] = Yes,
        }, cancellation);

        Assert.Equal(new SwitchState.Stopped("all", null), await ReadAsync());
        Assert.Equal(new RecordResult.Stopped("all"), await Ledger.RecordAsync(Record(), [], cancellation));
    }

    [Fact]
    public async Task Read_TableMissing_IsUnreadable()
    {
        var state = await new DynamoLedger(Dynamo, "no-such-table", time).ReadSwitchAsync("connections", cancellation);

        Assert.Contains("ResourceNotFoundException", Assert.IsType<SwitchState.Unreadable>(state).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_NobodyAnswers_IsUnreadable()
    {
        using var dynamo = new AmazonDynamoDBClient(LabClients.Anybody,
            new AmazonDynamoDBConfig { ServiceURL = $"http://127.0.0.1:{FreePort.Next()}", AuthenticationRegion = MotoFixture.Region, MaxErrorRetry = 0 });

        Assert.IsType<SwitchState.Unreadable>(await new DynamoLedger(dynamo, Table, time).ReadSwitchAsync("connections", cancellation));
    }

    [Fact]
    public async Task Read_Cancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Ledger.ReadSwitchAsync("connections", cancelled.Token));
    }
}
