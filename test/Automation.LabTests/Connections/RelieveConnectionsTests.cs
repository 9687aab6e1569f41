using Automation.Lab.Account;
using Automation.Ledger;
using Automation.Outcomes;
using Npgsql;

namespace Automation.LabTests.Connections;

/// <summary>What is done to a full server, and what is not.</summary>
[Collection(nameof(ReliefFixture))]
public sealed class RelieveConnectionsTests(ReliefFixture fixture)
{
    private const int Max = 3; // of the tag

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_FullServer_LetsApplicationsInAgain()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => crowd.AddForgottenAsync(1));

        var outcome = await account.RunAsync();

        Assert.Equal(PostgresErrorCodes.TooManyConnections, refused.SqlState);
        Assert.Equal((Decision.Acted, "usage-above-target"), (outcome.Decision, outcome.Reason));
        var ended = await crowd.EndedAsync();
        Assert.Equal(Max, ended.Count);
        Assert.DoesNotContain(ended, member => member.Protected);
        Assert.Equal(PidsOf(outcome), ended.Select(member => member.Pid).Order());
        Assert.Equal(
            (ReliefFixture.UsableSlots, ReliefFixture.UsableSlots, ReliefFixture.UsableSlots - Max),
            (Number(outcome, "usableSlots"), Number(outcome, "used"), Number(outcome, "usedAfter")));
        var records = await account.RecordsAsync();
        Assert.Equal(ended.Select(member => $"{member.Pid}").Order(StringComparer.Ordinal), records.Select(PidOf).Order(StringComparer.Ordinal));
        Assert.All(records, record => Assert.Equal((ActionResult.Done, new ActionGroup("shop", "web")), (record.Result, record.Group)));
        var told = Assert.Single(account.Told);
        Assert.Contains("25 -> 22 of 25", told.Subject, StringComparison.Ordinal);
        Assert.Contains("ALTER ROLE \"shop\" SET idle_in_transaction_session_timeout = '1s'", told.TextFor("email"), StringComparison.Ordinal);
        await crowd.AddForgottenAsync(1);
    }

    [Fact]
    public async Task Run_Observe_NamesTheSameSessionsAndDoesNothing()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();

        var observed = await account.RunAsync(new ReliefOptions { Mode = Mode.Observe });

        Assert.Equal(Decision.Observed, observed.Decision);
        Assert.Empty(await crowd.EndedAsync());
        Assert.Empty(await account.ItemsAsync());
        Assert.Contains("would end 3 sessions", Assert.Single(account.Told).Subject, StringComparison.Ordinal);
        Assert.Equal(PidsOf(observed), PidsOf(await account.RunAsync()));
    }

    [Fact]
    public async Task Run_TagSaysObserve_IsStrongerThanTheFunctionsMode()
    {
        await using var account = await ReliefAccount.StartAsync(fixture, ReliefAccount.Tag.Replace("act ", "observe ", StringComparison.Ordinal));
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();

        Assert.Equal(Decision.Observed, (await account.RunAsync()).Decision);
        Assert.Empty(await crowd.EndedAsync());
    }

    [Fact]
    public async Task Run_SameEventTwice_ActsOnceAndTellsOnce()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();
        var alarm = account.Alarm();

        await account.RunAsync(alarm);
        var again = await account.RunAsync(alarm);

        Assert.Equal((Decision.NothingToDo, "already-handled"), (again.Decision, again.Reason));
        Assert.Equal(Max, (await crowd.EndedAsync()).Count);
        Assert.Single(account.Told);
    }

    [Fact]
    public async Task Run_TwoAlarmsOfOneDatabaseAtOnce_OnlyOneActs()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();
        // The first holds its lease until the second has had its answer.
        var secondIsDone = new TaskCompletionSource();
        var firstHasLease = new TaskCompletionSource();
        account.Aws.Endpoint.Before("dynamodb", "Query", async (call, cancellation) =>
        {
            if (!IsHistory(call)) return null;
            firstHasLease.TrySetResult();
            await secondIsDone.Task.WaitAsync(cancellation);
            return null;
        });

        var first = account.RunAsync(account.Alarm("by-count"));
        await firstHasLease.Task.WaitAsync(Cancellation);
        var second = await account.RunAsync(account.Alarm("by-ratio"));
        secondIsDone.SetResult();

        Assert.Equal((Decision.Refused, "in-progress"), (second.Decision, second.Reason));
        Assert.Equal(Decision.Acted, (await first).Decision);
        Assert.Equal(Max, (await crowd.EndedAsync()).Count);
    }

    [Fact]
    public async Task Run_SessionsGoBackToWorkBeforeTheKill_AreLeftAlone()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();
        account.Aws.Endpoint.Before("dynamodb", "Query", async (call, cancellation) =>
        {
            if (!IsHistory(call)) return null;
            foreach (var member in crowd.Members.Where(member => !member.Protected))
            {
                await using var command = new NpgsqlCommand("SELECT 2", member.Connection);
                await command.ExecuteNonQueryAsync(cancellation);
            }
            return null;
        });

        var outcome = await account.RunAsync();

        Assert.Equal((Decision.Refused, "sessions-moved-on"), (outcome.Decision, outcome.Reason));
        Assert.Empty(await crowd.EndedAsync());
        Assert.All(await account.RecordsAsync(), record => Assert.Equal(ActionResult.Vanished, record.Result));
    }

    [Fact]
    public async Task Run_UsageAtTarget_DoesNothing()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.AddForgottenAsync(1);
        await crowd.UntilOldAsync(1);

        var outcome = await account.RunAsync();

        Assert.Equal((Decision.NothingToDo, "usage-at-target"), (outcome.Decision, outcome.Reason));
        Assert.Empty(await crowd.EndedAsync());
        Assert.Empty(account.Told);
    }

    [Fact]
    public async Task Run_ClientsComeStraightBack_StopsTheFight()
    {
        await using var account = await ReliefAccount.StartAsync(fixture, ReliefAccount.Tag.Replace("max=3", "max=5", StringComparison.Ordinal));
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.AddForgottenAsync(15); // a fifth of all 20 clients may be ended
        await crowd.UntilOldAsync(15);
        var opened = crowd.Members.Count;
        // A kill is confirmed in the ledger before the server is measured again: by then its client is back.
        account.Aws.Endpoint.Before("dynamodb", "UpdateItem", async (_, _) =>
        {
            var missing = opened + (await crowd.EndedAsync()).Count - crowd.Members.Count;
            await crowd.AddForgottenAsync(missing);
            return null;
        });

        var outcome = await account.RunAsync();

        Assert.Equal((Decision.Acted, "reconnect-storm"), (outcome.Decision, outcome.Reason));
        Assert.Equal(2, (await crowd.EndedAsync()).Count);
        Assert.Equal("critical", Assert.Single(account.Told).Attributes["severity"]);
    }

    [Fact]
    public async Task Run_BudgetOfTheHourIsSpent_EndsNobody()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();
        await account.RememberAsync(DateTimeOffset.UtcNow.AddMinutes(-30), "an-incident", "others", "others", count: 20);

        var outcome = await account.RunAsync();

        Assert.Equal((Decision.Refused, "budget-exhausted"), (outcome.Decision, outcome.Reason));
        Assert.Empty(await crowd.EndedAsync());
        Assert.Single(account.Told);
    }

    [Fact]
    public async Task Run_BudgetIsNearlySpent_EndsNoMoreThanIsLeft()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();
        await account.RememberAsync(DateTimeOffset.UtcNow.AddMinutes(-30), "an-incident", "others", "others", count: 19);
        await account.RememberAsync(DateTimeOffset.UtcNow.AddMinutes(-61), "an-older-incident", "others", "others", count: 19);

        Assert.Equal(Decision.Acted, (await account.RunAsync()).Decision);
        Assert.Single(await crowd.EndedAsync());
    }

    [Fact]
    public async Task Run_ThirdIncidentOfTheDay_IsLeftToAPerson()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();
        await account.RememberAsync(DateTimeOffset.UtcNow.AddHours(-20), "first");
        await account.RememberAsync(DateTimeOffset.UtcNow.AddHours(-10), "second");

        var outcome = await account.RunAsync();

        Assert.Equal((Decision.Refused, "recurring-incident"), (outcome.Decision, outcome.Reason));
        Assert.Contains("shop/web", outcome.Summary, StringComparison.Ordinal);
        Assert.Empty(await crowd.EndedAsync());
    }

    [Fact]
    public async Task Run_EarlierIncidentIsOlderThanADay_Acts()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();
        await account.RememberAsync(DateTimeOffset.UtcNow.AddHours(-25), "first");
        await account.RememberAsync(DateTimeOffset.UtcNow.AddHours(-10), "second");

        Assert.Equal(Decision.Acted, (await account.RunAsync()).Decision);
    }

    [Fact]
    public async Task Run_RetryAfterARecordOfUnknownOutcome_CountsItAgainstMax()
    {
        await using var account = await ReliefAccount.StartAsync(fixture, ReliefAccount.Tag.Replace("max=3", "max=2", StringComparison.Ordinal));
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();
        var alarm = account.Alarm();
        account.Aws.Endpoint.Faults.Inject(new Fault { Kind = FaultKind.ApplyThenInternalError, Service = "dynamodb", Action = "TransactWriteItems" });

        var failed = await Assert.ThrowsAsync<InvocationFailedException>(
            () => account.RunAsync(new ReliefOptions { AwsRetries = 0 }, alarm, "the-same-request"));
        Assert.Empty(await crowd.EndedAsync());
        var outcome = await account.RunAsync(alarm, "the-same-request");

        Assert.Contains("ledger-error", failed.Message, StringComparison.Ordinal);
        Assert.Equal(Decision.Acted, outcome.Decision);
        Assert.Single(await crowd.EndedAsync());
        Assert.Equal([ActionResult.Unconfirmed, ActionResult.Done], (await account.RecordsAsync()).Select(record => record.Result));
    }

    [Theory]
    [InlineData("all")]
    [InlineData("connections")]
    public async Task Run_KillSwitchIsOn_EndsNobody(string which)
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();
        await account.SwitchAsync(which, "freeze until Monday");

        var outcome = await account.RunAsync();

        Assert.Equal((Decision.Refused, "stopped"), (outcome.Decision, outcome.Reason));
        Assert.Contains("freeze until Monday", outcome.Summary, StringComparison.Ordinal);
        Assert.Empty(await crowd.EndedAsync());
        Assert.Empty(await account.RecordsAsync());
    }

    [Fact]
    public async Task Run_KillSwitchCannotBeRead_EndsNobody()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();

        var outcome = await account.RunAsync(new ReliefOptions { Table = "no-such-table" });

        Assert.Equal((Decision.Refused, "switch-unreadable"), (outcome.Decision, outcome.Reason));
        Assert.Empty(await crowd.EndedAsync());
        Assert.Single(account.Told);
    }

    [Theory]
    [InlineData("all")]
    [InlineData("connections")]
    public async Task Run_KillSwitchTurnedOnAfterTheFirst_StopsThere(string which)
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();
        var recorded = 0;
        account.Aws.Endpoint.Before("dynamodb", "TransactWriteItems", async (_, _) =>
        {
            if (recorded++ == 1) await account.SwitchAsync(which);
            return null;
        });

        var outcome = await account.RunAsync();

        Assert.Equal((Decision.Acted, "stopped"), (outcome.Decision, outcome.Reason));
        Assert.Single(await crowd.EndedAsync());
        Assert.Single(await account.RecordsAsync());
        Assert.Contains($"the kill switch ({which}) is on", Assert.Single(account.Told).TextFor("email"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LeaseTakenOverInTheMiddle_StopsThere()
    {
        await using var account = await ReliefAccount.StartAsync(fixture);
        await using var crowd = await Crowd.OpenAsync(fixture);
        await crowd.FillAsync();
        var resource = DatabaseDirectory.InstanceResourceId(account.DatabaseId);
        var recorded = 0;
        account.Aws.Endpoint.Before("dynamodb", "TransactWriteItems", async (_, cancellation) =>
        {
            if (recorded++ != 1) return null;
            var later = new DynamoLedger(account.Dynamo, account.Table, new Gate.ShiftedTime(TimeSpan.FromMinutes(2)));
            await later.ClaimAsync($"connections/{resource}", "another-run", TimeSpan.FromMinutes(1), cancellation);
            return null;
        });

        var outcome = await account.RunAsync();

        Assert.Equal((Decision.Acted, "lease-lost"), (outcome.Decision, outcome.Reason));
        Assert.Single(await crowd.EndedAsync());
    }

    private static IEnumerable<int> PidsOf(Outcome outcome) =>
        outcome.Details.GetProperty("sessions").EnumerateArray().Select(session => session.GetProperty("pid").GetInt32()).Order();

    private static int Number(Outcome outcome, string name) => outcome.Details.GetProperty(name).GetInt32();

    private static string PidOf(ActionRecord record) => record.Key.Split('-')[0];

    /// <summary>The history is read when the claim and the lease are held; the other query is for the switches.</summary>
    private static bool IsHistory(AwsCall call) => call.Body.Span.IndexOf("database#"u8) >= 0;
}
