using System.Security.Cryptography.X509Certificates;
using Automation.Database;
using Automation.Tests.Database;

namespace Automation.LabTests.Database;

/// <summary>
/// Servers that stop answering. The clock is the test's: what ends the call is the watchdog's timer and nothing else, for
/// the driver's own limits are a minute and run on the real clock.
/// </summary>
public sealed class HungServerTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TestAuthority authority = TestAuthority.Create();
    private readonly X509Certificate2 certificate;
    private readonly ManualClock clock = ManualClock.AtNoon();
    private readonly string roots = Path.GetTempFileName();

    public HungServerTests()
    {
        certificate = authority.Issue(Tricks.Host);
        File.WriteAllText(roots, authority.Pem);
    }

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
        await using var source = Source(server);

        var opening = source.OpenAsync(Deadline, Test);
        await (await server.NextAsync()).Stuck.WaitAsync(Patience, Test);
        Assert.False(opening.IsCompleted);
        clock.Pass(Deadline);
        var attempt = await opening.WaitAsync(Patience, Test);

        Assert.False(attempt.Succeeded(out _, out var failure));
        Assert.Equal(FailureClass.Unreachable, failure.Class);
        Assert.Contains("No answer within 5 s", failure.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_SilentOnlyOnce_TheSourceIsStillGood()
    {
        await using var server = ScriptedServer.Start((client, number) => number == 1
            ? FallSilentAsync(client, Silence.FromTheStart)
            : HostileServerTests.LetInWithTokenAsync(client, certificate));
        await using var source = Source(server);
        var opening = source.OpenAsync(Deadline, Test);
        await (await server.NextAsync()).Stuck.WaitAsync(Patience, Test);
        clock.Pass(Deadline);
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
                await client.StartTlsAsync(certificate);
                await client.ReadUntypedAsync();
                await client.AskForAuthenticationAsync(Messages.Cleartext);
                await client.ReadMessageAsync();
                await client.LetInAsync();
                await client.ReadMessageAsync();
            }
            await client.GetStuckAsync();
        });
        await using var source = Source(server);
        var attempt = await source.OpenAsync(Deadline, Test);
        Assert.True(attempt.Succeeded(out var session, out _));
        var first = await server.NextAsync();

        var running = session.RunAsync(SelectOneAsync, activity, Deadline, Test);
        await first.Stuck.WaitAsync(Patience, Test);
        Assert.False(running.IsCompleted);
        clock.Pass(Deadline);
        var answer = await running.WaitAsync(Patience, Test);

        Assert.False(answer.Succeeded(out _, out var failure));
        Assert.Equal(expected, failure.Class);
        await (await server.NextAsync()).Stuck.WaitAsync(Patience, Test);

        var afterwards = await session.RunAsync(SelectOneAsync, activity, Deadline, Test);
        Assert.False(afterwards.Succeeded(out _, out var ended));
        Assert.Contains("nothing was sent", ended.Sentence, StringComparison.Ordinal);
        await session.DisposeAsync().AsTask().WaitAsync(Patience, Test);
    }

    [Fact]
    public async Task Open_CallerCancels_EndsAtOnce()
    {
        using var caller = new CancellationTokenSource();
        await using var server = ScriptedServer.Start(client => FallSilentAsync(client, Silence.FromTheStart));
        await using var source = Source(server);
        var opening = source.OpenAsync(Deadline, caller.Token);
        await (await server.NextAsync()).Stuck.WaitAsync(Patience, Test);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening.WaitAsync(Patience, Test));
    }

    public void Dispose()
    {
        certificate.Dispose();
        authority.Dispose();
        File.Delete(roots);
    }

    private static async Task<object?> SelectOneAsync(Npgsql.NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new Npgsql.NpgsqlCommand("SELECT 1", connection);
        return await command.ExecuteScalarAsync(stop);
    }

    private async Task FallSilentAsync(Conversation client, Silence silence)
    {
        if (silence == Silence.InsteadOfTheHandshake)
        {
            await client.ReadUntypedAsync();
            await client.WriteAsync((byte)'S');
        }
        if (silence >= Silence.AfterTheHandshake) await client.StartTlsAsync(certificate);
        if (silence >= Silence.AfterTheStartupMessage) await client.ReadUntypedAsync();
        if (silence >= Silence.AfterTheToken)
        {
            await client.AskForAuthenticationAsync(Messages.Cleartext);
            await client.ReadMessageAsync();
        }
        await client.GetStuckAsync();
    }

    private RdsDataSource Source(ScriptedServer server) => RdsDataSource.Create(
        new DatabaseEndpoint(Tricks.Host, server.Port, EndpointKind.Instance),
        new IamLogin("automation", TestTokens.New(clock)),
        TrustedRoots.FromFile(roots, "test"),
        new DataSourceOptions
        {
            ApplicationName = "test",
            Pooling = false,
            ConnectTimeout = TimeSpan.FromMinutes(1),
            CommandTimeout = TimeSpan.FromMinutes(1),
        },
        clock);
}
