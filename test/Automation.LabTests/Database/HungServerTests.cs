using Automation.Database;

namespace Automation.LabTests.Database;

/// <summary>
/// Servers that stop answering. The clock is the test's: what ends the call is the watchdog's timer and nothing else, for
/// the driver's own limits are a minute and run on the real clock.
/// </summary>
public sealed class HungServerTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TestClient ours = new();

    public enum Silence
    {
        FromTheStart,
        InsteadOfTheHandshake,
        AfterTheHandshake,
        AfterTheStartupMessage,
        AfterTheToken,
    }

    public static TheoryData<Silence> Silences => [.. Enum.GetValues<Silence>()];

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Silences))]
    public async Task Open_ServerFallsSilent_EndsAtTheDeadline(Silence silence)
    {
        await using var server = ScriptedServer.Start(client => FallSilentAsync(client, silence));
        await using var source = ours.Source(server, TestLogin.Iam, ours.Clock);

        var opening = source.OpenAsync(Deadline, Test);
        await (await server.NextAsync()).Stuck.WaitAsync(Patience, Test);
        Assert.False(opening.IsCompleted);
        ours.Clock.Pass(Deadline);
        var attempt = await opening.WaitAsync(Patience, Test);

        Assert.False(attempt.Succeeded(out _, out var failure));
        Assert.Equal(FailureClass.Unreachable, failure.Class);
        Assert.Contains("No answer within 5 s", failure.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_SilentOnlyOnce_TheSourceIsStillGood()
    {
        await using var server = ScriptedServer.Start(async (client, number) =>
        {
            if (number == 1) await client.GetStuckAsync();
            await ours.LetInAsync(client);
            await client.DrainAsync();
        });
        await using var source = ours.Source(server, TestLogin.Iam, ours.Clock);
        var opening = source.OpenAsync(Deadline, Test);
        await (await server.NextAsync()).Stuck.WaitAsync(Patience, Test);
        ours.Clock.Pass(Deadline);
        await opening.WaitAsync(Patience, Test);

        var attempt = await source.OpenAsync(Deadline, Test);

        Assert.True(attempt.Succeeded(out var session, out _));
        await session.DisposeAsync();
    }

    // The statement hangs, and so does the second connection that the driver opens to cancel it.
    [Theory]
    [InlineData(DatabaseActivity.Reading, FailureClass.Unreachable)]
    [InlineData(DatabaseActivity.Committing, FailureClass.UnknownOutcome)]
    public async Task Run_StatementAndItsCancellationHang_EndsAtTheDeadlineAndTheSessionIsOver(DatabaseActivity activity, FailureClass expected)
    {
        await using var server = ScriptedServer.Start(async (client, number) =>
        {
            if (number == 1)
            {
                await ours.LetInAsync(client);
                await client.ReadMessageAsync();
            }
            await client.GetStuckAsync();
        });
        await using var source = ours.Source(server, TestLogin.Iam, ours.Clock);
        var attempt = await source.OpenAsync(Deadline, Test);
        Assert.True(attempt.Succeeded(out var session, out _));
        var first = await server.NextAsync();

        var running = session.RunAsync(TestClient.SelectOneAsync, activity, Deadline, Test);
        await first.Stuck.WaitAsync(Patience, Test);
        Assert.False(running.IsCompleted);
        ours.Clock.Pass(Deadline);
        var answer = await running.WaitAsync(Patience, Test);

        Assert.False(answer.Succeeded(out _, out var failure));
        Assert.Equal(expected, failure.Class);
        await (await server.NextAsync()).Stuck.WaitAsync(Patience, Test);

        var afterwards = await session.RunAsync(TestClient.SelectOneAsync, activity, Deadline, Test);
        Assert.False(afterwards.Succeeded(out _, out var ended));
        Assert.Contains("nothing was sent", ended.Sentence, StringComparison.Ordinal);
        await session.DisposeAsync().AsTask().WaitAsync(Patience, Test);
    }

    [Theory]
    [InlineData(DatabaseActivity.Reading, FailureClass.Unreachable)]
    [InlineData(DatabaseActivity.Committing, FailureClass.UnknownOutcome)]
    public async Task Run_ConnectionBreaksBeforeTheAnswer_OutcomeIsUnknownOnlyForAChange(DatabaseActivity activity, FailureClass expected)
    {
        await using var server = ScriptedServer.Start(async client =>
        {
            await ours.LetInAsync(client);
            await client.ReadMessageAsync();
            await client.DisposeAsync();
        });
        await using var source = ours.Source(server, TestLogin.Iam, ours.Clock);
        var attempt = await source.OpenAsync(Deadline, Test);
        Assert.True(attempt.Succeeded(out var session, out _));

        var answer = await session.RunAsync(TestClient.SelectOneAsync, activity, Deadline, Test);

        Assert.False(answer.Succeeded(out _, out var failure));
        Assert.Equal(expected, failure.Class);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task Open_CallerCancels_EndsAtOnce()
    {
        using var caller = new CancellationTokenSource();
        await using var server = ScriptedServer.Start(client => FallSilentAsync(client, Silence.FromTheStart));
        await using var source = ours.Source(server, TestLogin.Iam, ours.Clock);
        var opening = source.OpenAsync(Deadline, caller.Token);
        await (await server.NextAsync()).Stuck.WaitAsync(Patience, Test);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening.WaitAsync(Patience, Test));
    }

    public void Dispose() => ours.Dispose();

    private async Task FallSilentAsync(Conversation client, Silence silence)
    {
        if (silence == Silence.InsteadOfTheHandshake)
        {
            await client.ReadUntypedAsync();
            await client.WriteAsync((byte)'S');
        }
        if (silence >= Silence.AfterTheHandshake) await client.StartTlsAsync(ours.Certificate);
        if (silence >= Silence.AfterTheStartupMessage) await client.ReadUntypedAsync();
        if (silence >= Silence.AfterTheToken)
        {
            await client.AskForAuthenticationAsync(Messages.Cleartext);
            await client.ReadMessageAsync();
        }
        await client.GetStuckAsync();
    }
}
