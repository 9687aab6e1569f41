using Automation.Lab.Account;
using Automation.Lab.Storage;
using Automation.LabTests.Fixtures;
using Automation.Ledger;
using Automation.Outcomes;
using Automation.Storage;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Storage;

/// <summary>A disk that fills, from the alarm to what RDS was asked for, on real parts.</summary>
[Collection(nameof(StorageFixture))]
public sealed class GrowStorageTests(StorageFixture fixture, ITestOutputHelper output)
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_DataThatGrows_IsGrownAheadOfTime()
    {
        await using var day = await StorageDay.StartAsync(fixture, usedGiB: 92);
        await day.RememberAsync(gibPerDay: 3);

        var outcome = await day.GrowAsync(day.Alarm());

        output.WriteLine(day.Told[0].TextFor("email"));
        Assert.Equal((Decision.Acted, Reasons.Grown), (outcome.Decision, outcome.Reason));
        // 92 used and 7 days of 3 GiB.
        Assert.Equal((100, 114), (outcome.Details.GetProperty("allocatedGiB").GetInt32(), outcome.Details.GetProperty("targetGiB").GetInt32()));
        Assert.Equal("data", outcome.Details.GetProperty("cause").GetString());
        Assert.InRange(outcome.Details.GetProperty("daysToFull").GetProperty("likely").GetDouble(), 2.2, 2.9);
        var bytes = outcome.Details.GetProperty("bytes");
        var sum = new[] { "relations", "wal", "temporary", "logs", "largeObjects", "other" }.Sum(part => bytes.GetProperty(part).GetInt64());
        Assert.InRange(sum, day.Volume.UsedBytes * 0.95, day.Volume.UsedBytes * 1.05);
        Assert.InRange(bytes.GetProperty("other").GetInt64(), 0, day.Volume.UsedBytes * 0.05);

        var accepted = Assert.Single(day.Accepted);
        Assert.Equal(["AllocatedStorage", "ApplyImmediately"], accepted.Sent.Keys.Where(key => key is not ("Action" or "Version" or "DBInstanceIdentifier")).Order());
        var record = Assert.Single(await day.RecordsAsync());
        Assert.Equal((ActionResult.Done, "grow-storage", "114"), (record.Result, record.Action, record.Key));
        await day.EndedAsync();
        Assert.Equal(114, day.Volume.Settings.AllocatedGiB);
        var told = Assert.Single(day.Told);
        Assert.Equal(("info", "acted"), (told.Attributes["severity"], told.Attributes["decision"]));
        Assert.Contains("set the allocated storage to 114 GiB", told.TextFor("email"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SlotNobodyReads_IsNamedAndNotGrownAround()
    {
        await using var day = await StorageDay.StartAsync(fixture, usedGiB: 34, allocatedGiB: 40);
        await AbandonSlotAsync(day, segments: 40);
        await day.RememberAsync(gibPerDay: 1);

        var outcome = await day.GrowAsync(day.Alarm());

        output.WriteLine(day.Told[0].TextFor("email"));
        Assert.Equal((Decision.Refused, Reasons.CauseNotCured), (outcome.Decision, outcome.Reason));
        Assert.Equal("abandoned-slot", outcome.Details.GetProperty("cause").GetString());
        Assert.Equal(0, day.Asked);
        Assert.Empty(await day.RecordsAsync());
        var statement = Assert.Single(outcome.Details.GetProperty("statements").EnumerateArray()).GetString()!;
        Assert.Contains(statement, Assert.Single(day.Told).TextFor("email"), StringComparison.Ordinal);
        // What it tells a person to run is right, and ends the cause.
        var used = day.Volume.UsedBytes;
        await fixture.Instance.Server.ExecuteAsync(statement, Test);
        await fixture.Instance.Server.ExecuteAsync("CHECKPOINT", Test);
        Assert.InRange(used - day.Volume.UsedBytes, (long)(2 * StorageDay.GiB), long.MaxValue);
    }

    [Fact]
    public async Task Run_SlotThatFillsTheDiskBeforeAPersonCanReact_TakesOneStopgap()
    {
        await using var day = await StorageDay.StartAsync(fixture, usedGiB: 35, allocatedGiB: 40);
        await AbandonSlotAsync(day, segments: 40);
        await day.RememberAsync(gibPerDay: 0.3, gibInLastHour: 2);

        var outcome = await day.GrowAsync(day.Alarm());

        Assert.Equal((Decision.Acted, Reasons.Stopgap), (outcome.Decision, outcome.Reason));
        Assert.Equal("critical", Assert.Single(day.Told).Attributes["severity"]);
        Assert.Contains("not the cure", day.Told[0].TextFor("email"), StringComparison.Ordinal);
        Assert.Contains("pg_drop_replication_slot", day.Told[0].TextFor("email"), StringComparison.Ordinal);
        Assert.Single(day.Accepted);
    }

    [Fact]
    public async Task Run_StorageFull_IsGrownByNothingButTheSizeAndComesBack()
    {
        await using var day = await StorageDay.StartAsync(fixture, usedGiB: 90);
        await day.RememberAsync(gibPerDay: 1);
        await day.Volume.ExtendRelationAsync("orders", (long)(11 * StorageDay.GiB), Test);
        await Eventually.TrueAsync(() => Task.FromResult(day.Volume.IsFull));

        var outcome = await day.GrowAsync(day.ByHand());

        Assert.Equal((Decision.Acted, Reasons.Stopgap), (outcome.Decision, outcome.Reason));
        Assert.Equal("critical", Assert.Single(day.Told).Attributes["severity"]);
        Assert.Equal("110", Assert.Single(day.Accepted).Sent["AllocatedStorage"]);
        await day.EndedAsync();
        Assert.Equal("still here", (await fixture.Instance.QueryAsync("SELECT word FROM kept", Test))[0][0]);
    }

    [Fact]
    public async Task Run_SameAlarmTenTimesAtOnce_IsOneModification()
    {
        await using var day = await StorageDay.StartAsync(fixture, usedGiB: 92);
        await day.RememberAsync(gibPerDay: 3);
        var alarm = day.Alarm();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => day.GrowAsync(alarm)));
        var again = await day.GrowAsync(alarm);

        Assert.Equal(1, day.Asked);
        Assert.Single(outcomes, outcome => outcome.Decision == Decision.Acted);
        Assert.Equal(Reasons.AlreadyHandled, again.Reason);
        Assert.Single(await day.RecordsAsync());
        Assert.Single(day.Told);
        await day.EndedAsync();
        // Another alarm right after it: the size is new, and nothing is needed.
        await day.RememberAsync(gibPerDay: 3);
        var next = await day.GrowAsync(day.Alarm());
        Assert.NotEqual(Decision.Acted, next.Decision);
        Assert.Equal(1, day.Asked);
    }

    [Fact]
    public async Task Run_Observe_SaysWhatItWouldDoAndAsksForNothing()
    {
        await using var day = await StorageDay.StartAsync(fixture, usedGiB: 92, tag: "observe");
        await day.RememberAsync(gibPerDay: 3);

        var outcome = await day.GrowAsync(day.Alarm());

        Assert.Equal((Decision.Observed, Reasons.Grown, 114), (outcome.Decision, outcome.Reason, outcome.Details.GetProperty("targetGiB").GetInt32()));
        Assert.Equal(0, day.Asked);
        Assert.Empty(await day.RecordsAsync());
    }

    [Fact]
    public async Task Run_PlentyFree_DoesNothingAndTellsNobody()
    {
        await using var day = await StorageDay.StartAsync(fixture, usedGiB: 40);
        await day.RememberAsync(gibPerDay: 1);

        var outcome = await day.GrowAsync(day.Alarm());

        Assert.Equal((Decision.NothingToDo, Reasons.EnoughFree), (outcome.Decision, outcome.Reason));
        Assert.Equal(0, day.Asked);
        Assert.Empty(day.Told);
    }

    /// <summary>The word of an alarm is not enough: CloudWatch has no value of its own.</summary>
    [Fact]
    public async Task Run_NothingMeasured_IsRefused()
    {
        await using var day = await StorageDay.StartAsync(fixture, usedGiB: 92);

        var outcome = await day.GrowAsync(day.Alarm());

        Assert.Equal((Decision.Refused, Reasons.NoMeasurement), (outcome.Decision, outcome.Reason));
        Assert.Equal(0, day.Asked);
    }

    /// <summary>Every alarm of the account on this metric comes here.</summary>
    [Theory]
    [InlineData("act max=500", Reasons.StaleEvent, 1)]
    [InlineData("off", Reasons.NotOptedIn, 0)]
    public async Task Run_AlarmThatIsRefusedItself_IsToldOnlyOfADatabaseThatAsks(string tag, string reason, int messages)
    {
        await using var day = await StorageDay.StartAsync(fixture, usedGiB: 40, tag);

        var outcome = await day.GrowAsync(day.Alarm(DateTimeOffset.UtcNow.AddHours(-1)));

        Assert.Equal((Decision.Refused, reason), (outcome.Decision, outcome.Reason));
        Assert.Equal(messages, day.Told.Count);
    }

    [Fact]
    public async Task Run_KillSwitch_StopsItBeforeAnythingElse()
    {
        await using var day = await StorageDay.StartAsync(fixture, usedGiB: 92);
        await day.RememberAsync(gibPerDay: 3);
        await day.Account.Application.DynamoDB.PutItemAsync(day.Table, new()
        {
            ["pk"] = new("switch"),
            ["sk"] = new("storage"),
            ["stopped"] = new() { BOOL = true },
        }, Test);

        var outcome = await day.GrowAsync(day.Alarm());

        Assert.Equal((Decision.Refused, Reasons.Stopped), (outcome.Decision, outcome.Reason));
        Assert.Equal(0, day.Asked);
    }

    [Fact]
    public async Task Run_RdsRefuses_SaysSoAndSpendsNothing()
    {
        await using var day = await StorageDay.StartAsync(fixture, usedGiB: 92);
        await day.RememberAsync(gibPerDay: 3);
        day.Aws.Endpoint.Before("rds", "ModifyDBInstance", (call, _) => ValueTask.FromResult<AwsAnswer?>(
            ErrorAnswer.Create(call, 400, "StorageQuotaExceeded", "Storage quota exceeded.")));

        var outcome = await day.GrowAsync(day.Alarm());

        Assert.Equal((Decision.Refused, Reasons.CallRefused), (outcome.Decision, outcome.Reason));
        Assert.Contains("StorageQuotaExceeded", outcome.Summary, StringComparison.Ordinal);
        Assert.Equal(ActionResult.Vanished, Assert.Single(await day.RecordsAsync()).Result);
    }

    /// <summary>RDS says so with the same status as a refusal for good.</summary>
    [Fact]
    public async Task Run_RdsAsksForFewerCalls_IsTriedAgain()
    {
        await using var day = await StorageDay.StartAsync(fixture, usedGiB: 92);
        await day.RememberAsync(gibPerDay: 3);
        var throttled = true;
        day.Aws.Endpoint.Before("rds", "ModifyDBInstance", (call, _) => ValueTask.FromResult(
            throttled ? ErrorAnswer.Create(call, 400, "Throttling", "Rate exceeded") : null));
        var (alarm, requestId) = (day.Alarm(), Guid.NewGuid().ToString());

        var error = await Assert.ThrowsAsync<InvocationFailedException>(() => day.GrowAsync(alarm, requestId));
        throttled = false;
        var retried = await day.GrowAsync(alarm, requestId);

        Assert.Contains(Reasons.Throttled, error.Message, StringComparison.Ordinal);
        Assert.Equal((Decision.Acted, Reasons.Grown), (retried.Decision, retried.Reason));
        Assert.Equal([ActionResult.Vanished, ActionResult.Done], (await day.RecordsAsync()).Select(record => record.Result));
        Assert.Single(day.Accepted);
    }

    /// <summary>What somebody changed while the database was asked would be applied with the size.</summary>
    [Fact]
    public async Task Run_ChangedBetweenTheDecisionAndTheCall_AsksForNothing()
    {
        await using var day = await StorageDay.StartAsync(fixture, usedGiB: 92);
        await day.RememberAsync(gibPerDay: 3);
        // The last question before the decision.
        day.Aws.Endpoint.After("monitoring", "DescribeAlarms", (_, answer, _) =>
        {
            day.Volume.Settings = new LabVolumeOptions { AllocatedGiB = 100, MaxAllocatedGiB = 500 };
            return ValueTask.FromResult(answer);
        });

        var error = await Assert.ThrowsAsync<InvocationFailedException>(() => day.GrowAsync(day.Alarm()));

        Assert.Contains(Reasons.ChangedMeanwhile, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, day.Asked);
        Assert.Empty(await day.RecordsAsync());
    }

    /// <summary>The other run may have measured before this word became true: it is not dropped.</summary>
    [Fact]
    public async Task Run_AnotherIsAtWorkOnTheDatabase_IsTriedAgainAndTellsNobody()
    {
        await using var day = await StorageDay.StartAsync(fixture, usedGiB: 92);
        await day.RememberAsync(gibPerDay: 3);
        var lease = Assert.IsType<ClaimResult.Claimed>(await day.Ledger.ClaimAsync($"storage/{day.ResourceId}", "another", TimeSpan.FromMinutes(3), Test));
        var (alarm, requestId) = (day.Alarm(), Guid.NewGuid().ToString());

        var error = await Assert.ThrowsAsync<InvocationFailedException>(() => day.GrowAsync(alarm, requestId));
        Assert.Empty(day.Told);
        await day.Ledger.ReleaseAsync(lease.Claim, Test);
        var retried = await day.GrowAsync(alarm, requestId);

        Assert.Contains(Reasons.InProgress, error.Message, StringComparison.Ordinal);
        Assert.Equal(Decision.Acted, retried.Decision);
    }

    /// <summary>RDS took it and its answer got lost: the size that RDS shows tells.</summary>
    [Fact]
    public async Task Run_AnswerLost_IsFoundOut()
    {
        await using var day = await StorageDay.StartAsync(fixture, usedGiB: 92);
        await day.RememberAsync(gibPerDay: 3);
        day.Aws.Endpoint.After("rds", "ModifyDBInstance", (call, _, _) => ValueTask.FromResult(ErrorAnswer.Create(call, 500, "InternalFailure", "lost")));

        var outcome = await day.GrowAsync(day.Alarm());

        Assert.Equal((Decision.Acted, Reasons.Grown), (outcome.Decision, outcome.Reason));
        Assert.Contains("its answer was lost", Assert.Single(day.Told).TextFor("email"), StringComparison.Ordinal);
        Assert.Equal((1, 1), (day.Asked, day.Accepted.Count));
        Assert.Equal(ActionResult.Done, Assert.Single(await day.RecordsAsync()).Result);
    }

    /// <summary>Dies at every call that changes anything, and is tried again with the same id: one modification, and people hear of it.</summary>
    [Fact]
    public async Task Retry_AfterDeathAtAnyChange_AsksOnceAndTells()
    {
        await using var day = await StorageDay.StartAsync(fixture, usedGiB: 92);
        await day.RememberAsync(gibPerDay: 3);
        var death = new Death();
        foreach (var service in new[] { "rds", "dynamodb", "sns", "monitoring" }) day.Aws.Endpoint.After(service, null, death.AfterAsync);
        Assert.Equal(Decision.Acted, (await day.GrowAsync(day.Alarm())).Decision);
        var calls = day.Aws.Endpoint.Calls.Entries.Select(call => call.Call.Action!).ToList();
        var first = calls.IndexOf("UpdateItem");
        output.WriteLine($"{calls.Count} calls: {string.Join(", ", calls)}");

        var failures = new List<string>();
        foreach (var position in calls.Select((action, i) => (Action: action, Nth: calls.Take(i).Count(earlier => earlier == action))).Skip(first)
            // The first two are the claims, after which nothing was done yet.
            .Where(call => call.Action is "TransactWriteItems" or "ModifyDBInstance" or "Publish" or "UpdateItem" && call.Nth != 1))
        {
            await day.EndedAsync();
            await day.RenewAsync(usedGiB: 92);
            day.Aws.Volumes.Script(day.Id, new ModificationScript { Lead = TimeSpan.Zero, Modifying = TimeSpan.FromMilliseconds(20), Optimization = TimeSpan.FromMilliseconds(20) });
            await day.RememberAsync(gibPerDay: 3);
            var (asked, told, requestId, alarm) = (day.Asked, day.Told.Count, Guid.NewGuid().ToString(), day.Alarm());
            using (var life = CancellationTokenSource.CreateLinkedTokenSource(Test))
            {
                death.Arm(position, life);
                await TryAsync(() => day.GrowAsync(alarm, requestId, cancellation: life.Token));
                if (!death.Happened) failures.Add($"{position}: the run did not come that far");
                death.Disarm();
            }
            await TryAsync(() => day.GrowAsync(alarm, requestId, later: TimeSpan.FromMinutes(1)));

            if (day.Accepted.Count != 1) failures.Add($"{position}: {day.Accepted.Count} modifications of {day.Asked - asked} asked for");
            // Whichever attempt it was that grew it: that is what they hear.
            if (!day.Told.Skip(told).Any(message => message.Subject!.Contains("storage grown", StringComparison.Ordinal))) failures.Add($"{position}: nobody was told that it was grown");
            if ((await day.RecordsAsync()).Any(record => record.Result == ActionResult.Unconfirmed)) failures.Add($"{position}: a record is left unconfirmed");
        }

        Assert.Empty(failures);
    }

    private async Task AbandonSlotAsync(StorageDay day, int segments)
    {
        await fixture.Instance.Server.ExecuteAsync("SELECT pg_create_logical_replication_slot('cdc_orders', 'pgoutput')", Test);
        await day.Volume.GrowWalAsync(segments, Test);
    }

    /// <summary>As Lambda: an invocation that ends in error has no outcome.</summary>
    private static async Task<Outcome?> TryAsync(Func<Task<Outcome>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (e is InvocationFailedException or OperationCanceledException)
        {
            return null;
        }
    }
}
