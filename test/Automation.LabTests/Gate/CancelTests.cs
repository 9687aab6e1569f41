using Automation.Lab.Gate;
using Automation.LabTests.Postgres;
using Npgsql;

namespace Automation.LabTests.Gate;

[Collection(nameof(GateFixture))]
public sealed class CancelTests(GateFixture fixture)
{
    [Fact]
    public async Task Cancel_AtInstance_StopsTheStatement()
    {
        await using var gate = fixture.Start();
        await using var holder = await gate.OpenIamAsync();
        await using var waiter = await gate.OpenIamAsync("gate-cancel");
        await holder.RunAsync("SELECT pg_advisory_lock(4711)");

        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock(4711)", waiter);
        var waiting = command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        await UntilWaitingAsync("gate-cancel");
        command.Cancel();

        var cancelled = await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);
        Assert.Equal("57014", Assert.IsType<PostgresException>(cancelled.InnerException).SqlState);
        Assert.Equal(1, await waiter.ScalarAsync("SELECT 1"));
        await gate.Log.WaitAsync(happened => happened.Kind == GateEventKind.CancelForwarded);
        Assert.Equal((1, 0), (gate.Gate.Counts.CancelsForwarded, gate.Gate.Counts.CancelsIgnored));
    }

    [Fact]
    public async Task Cancel_AtProxy_ChangesNothing()
    {
        await using var gate = fixture.Start(GateKind.Proxy);
        await using var holder = await gate.OpenIamAsync();
        await using var waiter = await gate.OpenIamAsync("gate-no-cancel");
        await holder.RunAsync("SELECT pg_advisory_lock(4712)");

        await using var command = new NpgsqlCommand("SELECT 'done' FROM pg_advisory_lock(4712)", waiter);
        var waiting = command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        await UntilWaitingAsync("gate-no-cancel");
        command.Cancel();
        await gate.Log.WaitAsync(happened => happened.Kind == GateEventKind.CancelIgnored);
        await holder.RunAsync("SELECT pg_advisory_unlock(4712)");

        Assert.Equal("done", await waiting);
        Assert.Equal((0, 1), (gate.Gate.Counts.CancelsForwarded, gate.Gate.Counts.CancelsIgnored));
    }

    private Task UntilWaitingAsync(string application) => Deadline.UntilAsync(async () =>
    {
        await using var admin = await fixture.Server.OpenAdminAsync(TestContext.Current.CancellationToken);
        return await admin.ScalarAsync(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock')", application) is true;
    });
}
