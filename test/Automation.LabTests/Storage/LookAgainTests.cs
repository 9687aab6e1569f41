using Automation.Lab.Account;
using Automation.Lab.Storage;
using Automation.LabTests.Fixtures;
using Automation.Ledger;
using Automation.Outcomes;
using Automation.Storage;

namespace Automation.LabTests.Storage;

/// <summary>What GrowStorage's schedule does about disks that stay nearly full, on real parts.</summary>
[Collection(nameof(StorageFixture))]
public sealed class LookAgainTests(StorageFixture fixture)
{
    /// <summary>No other test has databases here: a look lists them all, and each test ends with none.</summary>
    private const string Region = "ca-central-1";

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    /// <summary>The alarm stays raised and tells nothing more: what it was refused for has ended, and the disk is still nearly full.</summary>
    [Fact]
    public async Task Look_WhatTheAlarmWasRefusedForHasEnded_IsGrownNow()
    {
        await using var day = await StartAsync(usedGiB: 34, allocatedGiB: 40);
        await fixture.Instance.Server.ExecuteAsync("SELECT pg_create_logical_replication_slot('cdc_orders', 'pgoutput')", Test);
        await day.Volume.GrowWalAsync(40, Test);
        await day.RememberAsync(gibPerDay: 1);
        Assert.Equal(Reasons.CauseNotCured, (await day.GrowAsync(day.Alarm())).Reason);
        var told = day.Told.Count;

        var waiting = Assert.Single(await day.LookAgainAsync("first"));
        // People know, and have time.
        Assert.Equal((Decision.Refused, Reasons.CauseNotCured, told), (waiting.Decision, waiting.Reason, day.Told.Count));
        Assert.Equal(0, day.Asked);

        await fixture.Instance.Server.ExecuteAsync("SELECT pg_drop_replication_slot('cdc_orders')", Test);
        await fixture.Instance.Server.ExecuteAsync("CHECKPOINT", Test);
        var grown = Assert.Single(await day.LookAgainAsync("second"));

        Assert.Equal((Decision.Acted, Reasons.Grown, 44), (grown.Decision, grown.Reason, grown.Details.GetProperty("targetGiB").GetInt32()));
        Assert.Contains("storage grown 40 -> 44 GiB", day.Told[^1].Subject, StringComparison.Ordinal);
        Assert.Equal(told + 1, day.Told.Count);
        // EventBridge delivers twice at times, and so does Lambda.
        var again = Assert.Single(await day.LookAgainAsync("second"));
        Assert.Equal(Decision.NothingToDo, again.Decision);
        Assert.Equal((1, told + 1), (day.Asked, day.Told.Count));
        await day.EndedAsync();
    }

    [Fact]
    public async Task Look_AsksOnceForAllAndThenOnlyThoseInNeed()
    {
        await using var day = await StartAsync(usedGiB: 40);
        await day.RememberShortlyAsync(day.Id, freeGiB: 60, gibPerDay: 1, DateTimeOffset.UtcNow);
        await using var others = await OthersAsync(day,
            ("nearly-full-untagged", null, 100), ("nearly-full-observed", "observe", 100), ("nearly-full-off", "off", 100), ("nearly-full-mistagged", "act", 100));
        foreach (var id in others.Ids) await day.RememberShortlyAsync(id, freeGiB: 2, gibPerDay: 1, DateTimeOffset.UtcNow);
        var before = day.Aws.Endpoint.Calls.Entries.Count;

        var outcomes = await day.LookAgainAsync("hourly");

        Assert.Empty(outcomes);
        Assert.Empty(day.Told);
        Assert.Equal(
            ["DescribeDBClusters", "DescribeDBInstances", "DescribeEvents", "GetMetricData", "GetMetricData"],
            day.Aws.Endpoint.Calls.Entries.Skip(before).Select(call => call.Call.Action).Order(StringComparer.Ordinal));
    }

    /// <summary>A load that would fill a half empty disk within the horizon: an alarm, people and the forecast are for that.</summary>
    [Fact]
    public async Task Look_MuchIsFreeAndItLastsForDays_LeavesItToTheForecast()
    {
        await using var day = await StartAsync(usedGiB: 70);
        await day.RememberShortlyAsync(day.Id, freeGiB: 30, gibPerDay: 10, DateTimeOffset.UtcNow);

        Assert.Empty(await day.LookAgainAsync("hourly"));
        // The same by hand, with the same facts.
        Assert.Equal(Decision.Observed, (await day.GrowAsync(day.ByHand(Mode.Observe))).Decision);
    }

    /// <summary>RDS took it and people could not be told: the retry finds nothing to do any more, and tells.</summary>
    [Fact]
    public async Task Look_GrownAndNobodyCouldBeTold_IsToldByTheRetry()
    {
        await using var day = await StartAsync(usedGiB: 92);
        await day.RememberAsync(gibPerDay: 3);
        var deaf = true;
        day.Aws.Endpoint.Before("sns", "Publish", (call, _) => ValueTask.FromResult(deaf ? ErrorAnswer.Create(call, 500, "InternalFailure", "no") : null));

        await Assert.ThrowsAsync<InvocationFailedException>(() => day.LookAgainAsync("hourly"));
        Assert.Equal((1, 0), (day.Asked, day.Told.Count));
        deaf = false;
        await day.LookAgainAsync("hourly");

        Assert.Contains("storage grown 100 -> 114 GiB", Assert.Single(day.Told).Subject, StringComparison.Ordinal);
        Assert.Equal(1, day.Asked);
        await day.EndedAsync();
    }

    /// <summary>It died after RDS took it; the next look is another event, and nobody else would ever tell.</summary>
    [Fact]
    public async Task Look_EarlierLookDiedAfterTheCall_IsFoundOutAndToldByTheNext()
    {
        await using var day = await StartAsync(usedGiB: 92);
        await day.RememberAsync(gibPerDay: 3);
        var death = new Death();
        foreach (var service in new[] { "rds", "dynamodb", "sns" }) day.Aws.Endpoint.After(service, null, death.AfterAsync);
        using (var life = CancellationTokenSource.CreateLinkedTokenSource(Test))
        {
            death.Arm(("ModifyDBInstance", 0), life);
            await Assert.ThrowsAnyAsync<Exception>(() => day.LookAgainAsync("first", cancellation: life.Token));
            death.Disarm();
        }
        Assert.Equal((1, 0), (day.Asked, day.Told.Count));
        // The lease of the one that died is over by then.
        await day.ForgetLeasesAsync();

        await day.LookAgainAsync("second");

        Assert.Contains(day.Told, told => told.Subject!.Contains("storage grown 100 -> 114 GiB", StringComparison.Ordinal));
        Assert.Equal((1, ActionResult.Done), (day.Asked, Assert.Single(await day.RecordsAsync()).Result));
        await day.EndedAsync();
    }

    /// <summary>A record that somebody wrote by hand is that database's trouble.</summary>
    [Fact]
    public async Task Look_OneHasARecordThatCannotBeRead_TheOthersAreLookedAt()
    {
        await using var day = await StartAsync(usedGiB: 92);
        await day.RememberAsync(gibPerDay: 3);
        await using var others = await OthersAsync(day, ("broken", "act max=500", 100));
        await day.RememberShortlyAsync("broken", freeGiB: 5, gibPerDay: 1, DateTimeOffset.UtcNow);
        await day.Account.Application.DynamoDB.PutItemAsync(day.Table, new()
        {
            ["pk"] = new($"database#{DatabaseDirectory.InstanceResourceId("broken")}"),
            ["sk"] = new($"{DateTimeOffset.UtcNow.AddDays(-1):yyyy-MM-ddTHH:mm:ss.fffffffZ}#storage#110"),
            ["capability"] = new("storage"),
        }, Test);

        var error = await Assert.ThrowsAsync<InvocationFailedException>(() => day.LookAgainAsync("first"));
        await Assert.ThrowsAsync<InvocationFailedException>(() => day.LookAgainAsync("second"));

        Assert.Contains("broken: unexpected-error", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, day.Asked);
        // Once a day, however often it fails.
        Assert.Single(day.Told, told => told.Attributes["database"] == "broken");
        await day.EndedAsync();
    }

    [Fact]
    public async Task Look_InObserve_AsksForNothingAtAll()
    {
        await using var day = await StartAsync(usedGiB: 92);
        await day.RememberAsync(gibPerDay: 3);
        var before = day.Aws.Endpoint.Calls.Entries.Count;

        Assert.Empty(await day.LookAgainAsync("hourly", Mode.Observe));

        Assert.Equal(before, day.Aws.Endpoint.Calls.Entries.Count);
    }

    /// <summary>At its cap, and less than 2 GiB are free: there is no time left, so people are told, and not every hour.</summary>
    [Fact]
    public async Task Look_NoTimeLeftForPeople_TellsThemOnceADayWithoutAskingTheDatabase()
    {
        await using var day = await StartAsync(usedGiB: 98, tag: "act max=100");
        await day.RememberAsync(gibPerDay: 1);

        var first = Assert.Single(await day.LookAgainAsync("first"));
        var second = Assert.Single(await day.LookAgainAsync("second"));

        Assert.Equal([Reasons.AtCap, Reasons.AtCap], [first.Reason, second.Reason]);
        var told = Assert.Single(day.Told);
        Assert.Equal(("critical", "refused"), (told.Attributes["severity"], told.Attributes["decision"]));
    }

    /// <summary>What RDS does not take anyway needs no look into the database.</summary>
    [Fact]
    public async Task Look_Forbidden_DoesNotAskTheDatabase()
    {
        await using var day = await StartAsync(usedGiB: 92);
        await day.RememberAsync(gibPerDay: 1);
        day.Volume.Settings = new LabVolumeOptions { AllocatedGiB = 100, MaxAllocatedGiB = 500 };
        var before = day.Aws.Endpoint.Calls.Entries.Count;

        var outcome = Assert.Single(await day.LookAgainAsync("hourly"));

        Assert.Equal((Decision.Refused, Reasons.Autoscaling), (outcome.Decision, outcome.Reason));
        Assert.Null(outcome.Details.GetProperty("cause").GetString());
        Assert.DoesNotContain("DescribeDBProxies", day.Aws.Endpoint.Calls.Entries.Skip(before).Select(call => call.Call.Action));
        Assert.Empty(day.Told);
    }

    [Fact]
    public async Task Look_TimeIsOver_EndsInErrorSoThatLambdaTriesAgain()
    {
        await using var day = await StartAsync(usedGiB: 92);
        await day.RememberAsync(gibPerDay: 3);

        var error = await Assert.ThrowsAsync<InvocationFailedException>(() => day.LookAgainAsync("hourly", deadline: DateTimeOffset.UtcNow.AddSeconds(60)));

        Assert.Contains(Reasons.OutOfTime, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, day.Asked);
        Assert.Empty(day.Told);
        Assert.Equal(Decision.Acted, Assert.Single(await day.LookAgainAsync("hourly")).Decision);
        await day.EndedAsync();
    }

    [Fact]
    public async Task Look_AnotherRunIsAtWorkOnIt_LeavesItToThat()
    {
        await using var day = await StartAsync(usedGiB: 92);
        await day.RememberAsync(gibPerDay: 3);
        Assert.IsType<ClaimResult.Claimed>(await day.Ledger.ClaimAsync($"storage/{day.ResourceId}", "another", TimeSpan.FromMinutes(3), Test));

        var outcome = Assert.Single(await day.LookAgainAsync("hourly"));

        Assert.Equal((Decision.NothingToDo, Reasons.InProgress), (outcome.Decision, outcome.Reason));
        Assert.Equal(0, day.Asked);
        Assert.Empty(day.Told);
    }

    [Fact]
    public async Task Look_AwsDoesNotSay_EndsInErrorAndPeopleHearOfIt()
    {
        await using var day = await StartAsync(usedGiB: 92);
        await day.RememberAsync(gibPerDay: 3);
        day.Aws.Endpoint.Before("monitoring", "GetMetricData", (call, _) => ValueTask.FromResult<AwsAnswer?>(
            ErrorAnswer.Create(call, 403, "AccessDenied", "not authorized")));

        var error = await Assert.ThrowsAsync<InvocationFailedException>(() => day.LookAgainAsync("hourly"));

        Assert.Contains(Reasons.CannotCheck, error.Message, StringComparison.Ordinal);
        Assert.Equal("failed", Assert.Single(day.Told).Attributes["decision"]);
        Assert.Equal(0, day.Asked);
    }

    private Task<StorageDay> StartAsync(int usedGiB, string tag = "act max=500", int allocatedGiB = 100) =>
        StorageDay.StartAsync(fixture, usedGiB, tag, allocatedGiB, Region);

    private static async Task<Registered> OthersAsync(StorageDay day, params (string Id, string? Tag, int GiB)[] databases)
    {
        foreach (var (id, tag, allocatedGiB) in databases)
        {
            await day.Aws.RegisterAsync(new LabDatabase
            {
                Id = id,
                Endpoint = new DatabaseEndpoint("127.0.0.1", 1),
                EngineVersion = "17.5",
                AllocatedStorageGiB = allocatedGiB,
                CreatedAt = DateTimeOffset.UtcNow.AddDays(-60),
                Tags = tag is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["automation:storage"] = tag },
            }, Test);
        }
        return new Registered(day, [.. databases.Select(database => database.Id)]);
    }

    private sealed class Registered(StorageDay day, IReadOnlyList<string> ids) : IAsyncDisposable
    {
        public IReadOnlyList<string> Ids => ids;

        public async ValueTask DisposeAsync()
        {
            foreach (var id in ids)
                await day.Account.Application.Rds.DeleteDBInstanceAsync(new() { DBInstanceIdentifier = id, SkipFinalSnapshot = true }, Test);
        }
    }
}
