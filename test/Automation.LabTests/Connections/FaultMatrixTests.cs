using System.Collections.Concurrent;
using System.Globalization;
using Automation.Events;
using Automation.Lab.Account;
using Automation.LabTests.Fixtures;
using Automation.LabTests.Postgres;
using Automation.Outcomes;

namespace Automation.LabTests.Connections;

/// <summary>
/// Every AWS call of an acting run goes wrong in every way, and Lambda tries again with the same request id: what remains
/// must be what an undisturbed run leaves.
/// </summary>
public sealed class FaultMatrixTests(PostgresFixture postgres, MotoFixture moto, ITestOutputHelper output)
{
    private const string Tag = "act target=0.5 idle-in-transaction=1s idle=1s max=4 protect=vip";
    private const int Max = 4;
    private const int Excess = 2;    // sessions above the target: what every run must end
    private const int Forgotten = 9; // with the lab's own session and the four protected ones: Excess above the target of 12
    private const int Attempts = 3;
    private const int LambdaTries = 3;

    // A case mostly waits for sessions to grow old. Each has a server and an account that no other case has meanwhile.
    private const int Beside = 4;
    private const string NeverCame = "the fault never came";

    private static readonly ReliefOptions Calm = new();
    private static readonly ReliefOptions Fast = new() { AwsRetries = 0 };
    private static readonly ReliefOptions Impatient = new() { AwsRetries = 0, AwsCallLimit = TimeSpan.FromSeconds(1) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Retry_AfterAnyFaultOfAnyCall_EndsAsAnUndisturbedRun()
    {
        var stages = new ConcurrentBag<Stage>();
        try
        {
            await Parallel.ForAsync(0, Beside, Cancellation, async (_, _) => stages.Add(await Stage.OpenAsync(new ReliefFixture(postgres, moto))));
            var free = new ConcurrentQueue<Stage>(stages);
            var calls = await RecordCallsAsync(stages.First());
            var matrix = FaultCase.Matrix(calls);
            // Always the record of what is about to be done: without it a retry would not know.
            var tried = matrix.Where(@case => @case.Action == "TransactWriteItems"
                || MatrixShare.Has(@case.Position + @case.Action.Length + (int)@case.Disturbance)).ToList();
            output.WriteLine($"{calls.Count} calls of an acting run: {string.Join(", ", calls.Select(call => call.Action))}; {tried.Count} of {matrix.Count} cases");
            var failures = new ConcurrentBag<string>();
            await Parallel.ForEachAsync(tried, new ParallelOptions { MaxDegreeOfParallelism = Beside, CancellationToken = Cancellation }, async (@case, _) =>
            {
                Assert.True(free.TryDequeue(out var stage));
                // On a machine that is very slow an impatient client gives up at an earlier call: then the case has not been tried.
                IReadOnlyList<string> wrong = [NeverCame];
                for (var attempt = 0; attempt < Attempts && wrong.Contains(NeverCame); attempt++) wrong = await RunCaseAsync(stage, @case, calls);
                foreach (var promise in wrong) failures.Add($"{@case}: {promise}");
                free.Enqueue(stage);
            });

            Assert.NotEmpty(tried);
            Assert.True(failures.IsEmpty, $"{failures.Count} broken promises:\n{string.Join('\n', failures.Order(StringComparer.Ordinal))}");
            Assert.All(stages, stage => Assert.Empty(stage.Account.Aws.Endpoint.Problems.Entries));
        }
        finally
        {
            foreach (var stage in stages) await stage.DisposeAsync();
        }
    }

    /// <summary>The calls of an undisturbed run, in order, which must be all kinds of calls that the function makes.</summary>
    private static async Task<IReadOnlyList<(string Service, string Action)>> RecordCallsAsync(Stage stage)
    {
        var (account, crowd) = (stage.Account, stage.Crowd);
        await crowd.UntilOldAsync(Excess);
        var before = account.Aws.Endpoint.Calls.Entries.Count;
        var outcome = await account.RunAsync();
        var calls = account.Aws.Endpoint.Calls.Entries.Skip(before).Select(call => (call.Service, call.Action)).ToList();

        var ended = await crowd.EndedAsync();
        Assert.Equal((Decision.Acted, Excess), (outcome.Decision, ended.Count));
        await crowd.RefillAsync(ended);
        Assert.Equal(
            ["DescribeDBInstances", "Publish", "Query", "TransactWriteItems", "UpdateItem"],
            calls.Select(call => call.Action).Distinct().Order(StringComparer.Ordinal));
        return calls;
    }

    /// <returns>What was not as promised.</returns>
    private static async Task<List<string>> RunCaseAsync(Stage stage, FaultCase @case, IReadOnlyList<(string, string)> known)
    {
        var (account, crowd, death) = (stage.Account, stage.Crowd, stage.Death);
        await account.RegisterAsync(Tag);
        await account.BeginLedgerAsync();
        await crowd.UntilOldAsync(Excess);
        var alarm = account.Alarm();
        var callsBefore = account.Aws.Endpoint.Calls.Entries.Count;
        var toldBefore = account.Told.Count;

        var wrong = new List<string>();
        var (outcome, tries) = await DeliverAsync(account, death, @case, alarm, wrong);

        var made = account.Aws.Endpoint.Calls.Entries.Skip(callsBefore).ToList();
        if (@case.Fault is { } fault ? made.TrueForAll(call => call.Fault != fault) : !death.Happened) wrong.Add(NeverCame);
        wrong.AddRange(made.Where(call => !known.Contains((call.Service, call.Action))).Select(call => $"{call.Action} is not in the matrix"));

        var ended = await crowd.EndedAsync();
        if (ended.Any(member => member.Protected)) wrong.Add("a protected session died");
        await CheckOutcomeAsync(account, outcome, tries, ended.Count, wrong);
        await CheckRecordsAsync(account, ended, wrong);
        CheckTold(account.Told.Skip(toldBefore), outcome, ended.Count, wrong);

        // EventBridge may deliver the same change again, to an invocation of its own.
        if (ended.Count > 0)
        {
            await account.RunAsync(alarm);
            if ((await crowd.EndedAsync()).Count != ended.Count) wrong.Add("the second delivery ended more");
        }
        await crowd.RefillAsync(ended);
        return wrong;
    }

    /// <summary>As Lambda's asynchronous queue: the same request id, until it succeeds or was tried three times.</summary>
    private static async Task<(Outcome? Outcome, int Tries)> DeliverAsync(
        ReliefAccount account, Death death, FaultCase @case, AlarmStateChange alarm, List<string> wrong)
    {
        var requestId = Guid.NewGuid().ToString();
        for (var attempt = 1; attempt <= LambdaTries; attempt++)
        {
            using var life = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            if (attempt == 1) Arm(account, death, @case, life);
            try
            {
                var options = attempt > 1 || !@case.Lasting ? Calm : @case.Disturbance == Disturbance.Silence ? Impatient : Fast;
                return (await account.RunAsync(options, alarm, requestId, life.Token), attempt);
            }
            catch (Exception e) when (!Cancellation.IsCancellationRequested)
            {
                // Lambda keeps the event and tries again. A run that lives ends with its result written, whatever AWS did.
                if (e is not InvocationFailedException && !death.Happened) wrong.Add($"the run ended in {e.GetType().Name}: {e.Message}");
            }
            finally
            {
                account.Aws.Endpoint.Faults.Clear();
                death.Disarm();
            }
        }
        return (null, LambdaTries);
    }

    private static void Arm(ReliefAccount account, Death death, FaultCase @case, CancellationTokenSource life)
    {
        if (@case.Fault is { } kind)
        {
            account.Aws.Endpoint.Faults.Inject(new Fault
            {
                Kind = kind,
                Service = @case.Service,
                Action = @case.Action,
                After = @case.Position,
                Times = @case.Lasting ? int.MaxValue : 1,
            });
            return;
        }
        death.Arm(@case, life);
    }

    private static async Task CheckOutcomeAsync(ReliefAccount account, Outcome? outcome, int tries, int ended, List<string> wrong)
    {
        switch (outcome)
        {
            case null:
                wrong.Add("never succeeded");
                break;
            // The one answer that is not tried again: what cannot be read counts as stopped.
            case { Decision: Decision.Refused, Reason: "switch-unreadable" } when tries == 1 && ended == 0:
                break;
            case { Decision: Decision.Acted or Decision.NothingToDo } when ended == Excess:
                break;
            default:
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{ended} ended, {outcome.Decision} {outcome.Reason}: {outcome.Summary}"));
                break;
        }
        var records = await account.RecordsAsync();
        if (records.Count > Max) wrong.Add($"{records.Count} recorded: more than the tag's max");
    }

    private static async Task CheckRecordsAsync(ReliefAccount account, IReadOnlyList<CrowdMember> ended, List<string> wrong)
    {
        var keys = (await account.RecordsAsync()).Select(record => record.Key.Split('-')[0]).ToHashSet();
        wrong.AddRange(ended.Where(member => !keys.Contains(member.Pid.ToString(CultureInfo.InvariantCulture)))
            .Select(member => $"pid {member.Pid} was ended without a record"));
    }

    private static void CheckTold(IEnumerable<Notification> told, Outcome? outcome, int ended, List<string> wrong)
    {
        var messages = told.ToList();
        if (messages.Count == 0) wrong.Add("nobody was told anything");
        if (ended > 0 && !messages.Exists(message => message.Attributes.GetValueOrDefault("decision") == "acted"))
            wrong.Add($"nobody was told that sessions were ended, only {string.Join("; ", messages.Select(message => message.Subject))} ({outcome?.Reason})");
    }

    /// <summary>A small server with its clients, and an account.</summary>
    private sealed record Stage(ReliefFixture Fixture, ReliefAccount Account, Crowd Crowd, Death Death) : IAsyncDisposable
    {
        public static async Task<Stage> OpenAsync(ReliefFixture fixture)
        {
            await fixture.InitializeAsync();
            var account = await ReliefAccount.StartAsync(fixture, Tag);
            var crowd = await Crowd.OpenAsync(fixture);
            await crowd.AddForgottenAsync(Forgotten);
            var death = new Death();
            foreach (var service in new[] { "rds", "dynamodb", "sns" })
            {
                account.Aws.Endpoint.Before(service, null, death.BeforeAsync);
                account.Aws.Endpoint.After(service, null, death.AfterAsync);
            }
            return new Stage(fixture, account, crowd, death);
        }

        public async ValueTask DisposeAsync()
        {
            await Crowd.DisposeAsync();
            await Account.DisposeAsync();
            await Fixture.DisposeAsync();
        }
    }

    /// <summary>Ends a run at one of its calls, as when Lambda ends the process: from then on nothing it does has an effect.</summary>
    private sealed class Death
    {
        private FaultCase? planned;
        private CancellationTokenSource? life;
        private AwsCall? dying;
        private int seen;

        public bool Happened { get; private set; }

        public void Arm(FaultCase @case, CancellationTokenSource of) => (planned, life, seen, Happened) = (@case, of, 0, false);

        public void Disarm() => (planned, life) = (null, null);

        public async ValueTask<AwsAnswer?> BeforeAsync(AwsCall call, CancellationToken cancellation)
        {
            if (planned is not { } @case || life is null) return null;
            if (Happened) return Unheard(call);
            if ((call.Service, call.Action) != (@case.Service, @case.Action) || seen++ != @case.Position) return null;
            if (@case.Disturbance == Disturbance.DiesAfter)
            {
                dying = call;
                return null;
            }
            Happened = true;
            await life.CancelAsync();
            return Unheard(call);
        }

        public async ValueTask<AwsAnswer> AfterAsync(AwsCall call, AwsAnswer answer, CancellationToken cancellation)
        {
            if (!ReferenceEquals(call, dying) || life is null) return answer;
            Happened = true;
            await life.CancelAsync();
            return Unheard(call);
        }

        private static AwsAnswer Unheard(AwsCall call) => ErrorAnswer.Internal(call, "nobody hears this");
    }
}
