using System.Collections.Concurrent;
using Automation.Lab.Secrets;
using Automation.LabTests.Fixtures;
using Automation.LabTests.Postgres;
using Automation.Secrets;

namespace Automation.LabTests.Secrets;

/// <summary>Two rotations of one secret at the same time, with the same token and with two: one wins, and neither harms the other.</summary>
[Collection(nameof(RotationMatrixTests))]
public sealed class InterleavingTests(RotationFixture fixture, ITestOutputHelper output)
{
    private const int Beside = 6;
    private const int Attempts = 3;

    // The server's own words for what the lock is there to prevent, and the lock given up.
    private static readonly string[] Never = ["ConcurrentChange", "RotationInProgress", "UnexpectedError"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A whole rotation runs, as far as the lock lets it, before each single call of another one.</summary>
    [Theory]
    [InlineData(SecretKind.SingleUser, true)]
    [InlineData(SecretKind.SingleUser, false)]
    [InlineData(SecretKind.AlternatingByIam, false)]
    public async Task Rotation_BeforeEachCallOfAnother_OneWins(SecretKind kind, bool sameToken)
    {
        var undisturbed = await CountCallsAsync(kind);
        output.WriteLine($"{kind}, {(sameToken ? "one token" : "two tokens")}: {undisturbed} calls, each with a rotation before it");
        var tried = Enumerable.Range(0, undisturbed).Where(position => MatrixShare.Has(position + (int)kind + (sameToken ? 1 : 0)));
        await InParallelAsync(tried, position => RunBeforeCallAsync(kind, sameToken, position));
    }

    /// <summary>The steps of two rotations in every order.</summary>
    [Theory]
    [InlineData(SecretKind.SingleUser, true)]
    [InlineData(SecretKind.SingleUser, false)]
    [InlineData(SecretKind.AlternatingByIam, false)]
    public async Task Steps_OfTwoRotationsInEveryOrder_OneWins(SecretKind kind, bool sameToken)
    {
        // With one token the two are the same rotation, and an order is that of the other with names changed.
        var orders = Orders("", 4, 4).Where(order => !sameToken || order[0] == '1').ToList();
        Assert.Equal(sameToken ? 35 : 70, orders.Count);
        // Neighbours are often the same run: of those that begin at once, each begins in another way.
        var made = new ConcurrentBag<OrderRun>();
        await InParallelAsync(orders.OrderBy(order => new string([.. order.Reverse()]), StringComparer.Ordinal), async order =>
            made.Any(run => run.IsOf(order)) ? [] : await RunInOrderAsync(kind, sameToken, order, made));
        output.WriteLine($"{orders.Count} orders are {made.Count} different runs");
    }

    private async Task<int> CountCallsAsync(SecretKind kind)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        // On a machine that is very slow a login may be given up and its step tried again: that rotation was not undisturbed.
        for (var attempt = 1; ; attempt++)
        {
            var secret = await fixture.CreateAsync(kind);
            var calls = new RotationCalls(account);
            var run = await account.RotateAsync(secret, calls.Watch(account.Cold(Options(calls))));
            if (run.Steps.Count == RotationDriver.Steps.Count && run.Succeeded) return calls.All.Count;
            Assert.True(attempt < Attempts, $"{run.Steps.Count} steps: {run.Error}");
        }
    }

    private async Task<IReadOnlyList<string>> RunBeforeCallAsync(SecretKind kind, bool sameToken, int position)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        await using var other = await account.BesideAsync();
        var secret = await fixture.CreateAsync(kind);
        var checks = await RotationChecks.BeginAsync(account, secret);
        var (one, two) = (new RotationCalls(account), new RotationCalls(other));
        var token = RotationSecret.NewToken();
        var later = sameToken ? token : RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);

        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reached = one.PauseAt(position, released);
        var first = RotationAccount.DriveAsync(secret, token, one.Watch(account.Cold(Options(one))));
        await Task.WhenAny(reached, first);
        checks.Expect(reached.IsCompleted, $"ended before the call: {first.IsCompleted}");

        await account.Rotations.OpenAsync(secret.Arn, later);
        var second = RotationAccount.DriveAsync(secret, later, two.Watch(other.Cold(Options(two))));
        await Eventually.TrueAsync(async () => second.IsCompleted || await WaitsForLockAsync(secret));
        released.SetResult();

        var runs = await Task.WhenAll(first, second);
        NeverAny(runs.SelectMany(run => run.Steps).Select(step => step.Answer.ErrorType), checks);
        // Before the recovery by a person, whose logins are in no record.
        IReadOnlyList<ExternalCall>[] made = [one.All, two.All];
        await SettleAsync(account, secret, token, later, checks);
        foreach (var calls in made) checks.MovedAfterLogin(calls);
        return checks.Broken;
    }

    private async Task<IReadOnlyList<string>> RunInOrderAsync(SecretKind kind, bool sameToken, string order, ConcurrentBag<OrderRun> made)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(kind);
        var checks = await RotationChecks.BeginAsync(account, secret);
        var token = RotationSecret.NewToken();
        var later = sameToken ? token : RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);
        var (one, two) = (account.Warm(), account.Warm());
        var next = new Dictionary<char, int> { ['1'] = 0, ['2'] = 0 };
        var errors = new List<string?>();
        var taken = "";
        foreach (var turn in order)
        {
            if (turn == '2' && next['2'] == 0) await account.Rotations.OpenAsync(secret.Arn, later);
            // A rotation that failed ends there, as the service has it.
            if (next[turn] < 0) continue;
            var step = RotationDriver.Steps[next[turn]];
            var answer = await RotationAccount.StepAsync(secret, turn == '1' ? token : later, step, turn == '1' ? one : two);
            errors.Add(answer.ErrorType);
            taken += turn;
            next[turn] = answer.Succeeded ? next[turn] + 1 : -5;
        }
        NeverAny(errors, checks);
        await SettleAsync(account, secret, token, later, checks);
        // What failed for another reason than its labels (a very slow machine) may not fail in an order like it.
        if (errors.All(error => error is null or nameof(RotationErrors.NotPending) or nameof(RotationErrors.UnknownVersion))) made.Add(new OrderRun(taken));
        return checks.Broken;
    }

    /// <summary>Both are tried again; where the pending label of a set password was taken away, a person recovers.</summary>
    private static async Task SettleAsync(RotationAccount account, RotationSecret secret, string token, string later, RotationChecks checks)
    {
        if (token == later) await checks.SomeVersionLogsInAsync("after both");
        var last = await RotationAccount.DriveAsync(secret, later, account.Cold(), 3);
        var first = await RotationAccount.DriveAsync(secret, token, account.Cold(), 1);
        NeverAny([.. first.Steps.Concat(last.Steps).Select(step => step.Answer.ErrorType)], checks);
        if (!last.Succeeded)
        {
            checks.Expect(token != later, $"the only rotation failed: {last.Error}");
            var recovered = await account.RecoverAsync(secret, "act");
            checks.Expect(recovered.Succeeded, $"the recovery failed: {recovered.ErrorMessage}");
        }

        var current = await account.VersionAsync(secret, SecretState.Current);
        checks.Expect(current == token || current == later, "neither has won");
        checks.Expect(current is not null && await account.LogsInAsync(secret, current), "the current version does not log in");
        await checks.OneValueAsync(secret.FirstVersion, token, later);
        checks.NothingLeaked();
        if (!secret.IsAlternating || token == later) await checks.OnlyTheRoleChangedAsync();
    }

    private static void NeverAny(IEnumerable<string?> errors, RotationChecks checks)
    {
        foreach (var error in errors.Intersect(Never)) checks.Expect(false, $"{error} reached the caller");
    }

    private async Task<bool> WaitsForLockAsync(RotationSecret secret)
    {
        await using var admin = await fixture.Admin.OpenConnectionAsync(Cancellation);
        return await admin.ScalarAsync("""
            SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                AND (classid::int8 << 32 | objid::int8) = hashtextextended('rds-automation rotates ' || $1, 0))
            """, secret.NextUser) is true;
    }

    private async Task InParallelAsync<T>(IEnumerable<T> cases, Func<T, Task<IReadOnlyList<string>>> run)
    {
        var broken = new ConcurrentBag<string>();
        var count = 0;
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = Beside, CancellationToken = Cancellation }, async (@case, _) =>
        {
            foreach (var promise in await run(@case)) broken.Add($"{@case}: {promise}");
            Interlocked.Increment(ref count);
        });
        output.WriteLine($"{count} cases");
        Assert.True(broken.IsEmpty, $"{broken.Count} broken promises:\n{string.Join('\n', broken.Order(StringComparer.Ordinal))}");
    }

    private static RotationOptions Options(RotationCalls calls) => new() { Logins = calls.Around };

    private static IEnumerable<string> Orders(string begun, int ones, int twos) => (ones, twos) switch
    {
        (0, 0) => [begun],
        (0, _) => Orders(begun + '2', 0, twos - 1),
        (_, 0) => Orders(begun + '1', ones - 1, 0),
        _ => Orders(begun + '1', ones - 1, twos).Concat(Orders(begun + '2', ones, twos - 1)),
    };

    /// <summary>The steps that were made when two rotations took turns.</summary>
    private sealed record OrderRun(string Taken)
    {
        /// <summary>
        /// Whether it is the run of this order too. A rotation that failed takes no more turns: where the same steps remain of
        /// an order, the same happens.
        /// </summary>
        public bool IsOf(string order)
        {
            var left = new Dictionary<char, int> { ['1'] = Taken.Count(turn => turn == '1'), ['2'] = Taken.Count(turn => turn == '2') };
            return string.Concat(order.Where(turn => left[turn]-- > 0)) == Taken;
        }
    }
}
