using System.Text;
using Automation.Database;

namespace Automation.LabTests.Database;

/// <summary>Where the token goes when all is well, and what happens when it is refused.</summary>
public sealed class IamLoginTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly TestClient ours = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_VerifiedServer_GetsTheTokenInsideTlsOnly()
    {
        await using var server = ScriptedServer.Start(async client =>
        {
            await ours.LetInAsync(client);
            await client.DrainAsync();
        });
        await using (var source = ours.Source(server, TestLogin.Iam, TimeProvider.System))
        {
            var attempt = await source.OpenAsync(Deadline, Test);
            Assert.True(attempt.Succeeded(out var session, out var failure), failure?.Sentence);
            await session.DisposeAsync();
        }
        await server.AllEndedAsync();

        var client = Assert.Single(server.Conversations);
        var token = await ours.TokenForAsync(server);
        Assert.Contains(token, Encoding.UTF8.GetString(client.InsideTls), StringComparison.Ordinal);
        Assert.Equal(Messages.SslRequest, client.InTheClear);
        Assert.DoesNotContain(token, Encoding.Latin1.GetString(client.Wire), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_TokenRefused_TriesOnceMoreWithAFreshOne()
    {
        var sent = new List<string>();
        await using var server = ScriptedServer.Start(async (client, number) =>
        {
            await client.StartTlsAsync(ours.Certificate);
            await client.ReadUntypedAsync();
            await client.AskForAuthenticationAsync(Messages.Cleartext);
            sent.Add(await client.ReadMessageAsync());
            // A token's date has whole seconds.
            ours.Clock.Pass(TimeSpan.FromSeconds(1));
            if (number == 1) await client.WriteAsync(Messages.Error("28000", "PAM authentication failed for user \"automation\""));
            else await client.LetInAsync();
            await client.DrainAsync();
        });
        await using var source = ours.Source(server, TestLogin.Iam, TimeProvider.System);

        var attempt = await source.OpenAsync(Deadline, Test);

        Assert.True(attempt.Succeeded(out var session, out var failure), failure?.Sentence);
        await session.DisposeAsync();
        Assert.Equal(2, sent.Count);
        Assert.NotEqual(sent[0], sent[1]);
    }

    [Theory]
    [InlineData(TestLogin.Iam, 2)]
    [InlineData(TestLogin.Password, 1)]
    public async Task Open_RefusedForGood_HasASecondTryForTokensOnly(TestLogin login, int tries)
    {
        await using var server = ScriptedServer.Start(async client =>
        {
            await client.StartTlsAsync(ours.Certificate);
            await client.ReadUntypedAsync();
            await client.WriteAsync(Messages.Error("28P01", "password authentication failed"));
            await client.DrainAsync();
        });

        var failure = await ours.FailToOpenAsync(server, login);

        Assert.Equal((FailureClass.Authentication, "28P01"), (failure.Class, failure.SqlState));
        Assert.Equal(tries, server.Conversations.Count);
    }

    // No slot is free: a fresh token would not change that.
    [Fact]
    public async Task Open_RefusedForAnotherReason_HasNoSecondTry()
    {
        await using var server = ScriptedServer.Start(async client =>
        {
            await client.StartTlsAsync(ours.Certificate);
            await client.ReadUntypedAsync();
            await client.WriteAsync(Messages.Error("53300", "sorry, too many clients already"));
            await client.DrainAsync();
        });

        Assert.Equal(FailureClass.SlotsExhausted, (await ours.FailToOpenAsync(server, TestLogin.Iam)).Class);
        Assert.Single(server.Conversations);
    }

    [Fact]
    public async Task Open_NobodyListens_IsUnreachable()
    {
        RdsDataSource nowhere;
        await using (var server = ScriptedServer.Start(_ => Task.CompletedTask))
            nowhere = ours.Source(server, TestLogin.Iam, TimeProvider.System);
        await using var source = nowhere;

        var attempt = await source.OpenAsync(Deadline, Test);

        Assert.False(attempt.Succeeded(out _, out var failure));
        Assert.Equal(FailureClass.Unreachable, failure.Class);
    }

    public void Dispose() => ours.Dispose();
}
