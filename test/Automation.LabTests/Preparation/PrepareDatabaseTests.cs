using System.Text;
using System.Text.Json;
using Automation.Database;
using Automation.Lab;
using Automation.Lab.Account;
using Automation.LabTests.Database;
using Automation.Ledger;
using Automation.Outcomes;
using Automation.Preparation;
using DatabaseEndpoint = Automation.Lab.Account.DatabaseEndpoint;

namespace Automation.LabTests.Preparation;

/// <summary>PrepareDatabase from what a person asks to what people are told, on real parts.</summary>
[Collection(nameof(PreparationFixture))]
public sealed class PrepareDatabaseTests(PreparationFixture fixture)
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Act_ServerWithoutTheRole_IsPreparedOnce()
    {
        await fixture.ForgetRoleAsync();
        await using var account = await PreparedAccount.StartAsync(fixture);

        var planned = await account.RunAsync(Mode.Observe);

        Assert.Equal((Decision.Observed, Reasons.Prepared), (planned.Decision, planned.Reason));
        Assert.Equal("create role automation", Plan(planned)[0]);
        Assert.Empty(await fixture.RoleAsync());
        Assert.Empty(await account.ItemsAsync());
        Assert.Empty(account.Told);

        var done = await account.RunAsync(Mode.Act);

        Assert.Equal((Decision.Acted, Reasons.Prepared), (done.Decision, done.Reason));
        Assert.Equal(Plan(planned), Plan(done));
        Assert.True(done.Details.GetProperty("applied").GetBoolean());
        Assert.All(done.Details.GetProperty("checks").EnumerateArray(), check => Assert.True(check.GetProperty("ok").GetBoolean(), check.GetRawText()));
        var record = Assert.Single(await account.RecordsAsync());
        Assert.Equal((ActionResult.Done, PrepareDatabase.Action, LabInstance.AutomationUser), (record.Result, record.Action, record.Key));
        Assert.Contains("create role automation", record.Before, StringComparison.Ordinal);
        var told = Assert.Single(account.Told);
        Assert.Equal(("preparation", "acted"), (told.Attributes["capability"], told.Attributes["decision"]));
        Assert.Contains("WHAT WAS DONE\n  - create role automation\n", told.TextFor("email"), StringComparison.Ordinal);
        var made = await fixture.RoleAsync();

        var again = await account.RunAsync(Mode.Act);

        Assert.Equal((Decision.NothingToDo, Reasons.AlreadyPrepared), (again.Decision, again.Reason));
        Assert.Equal(made, await fixture.RoleAsync());
        Assert.Single(await account.RecordsAsync());
        Assert.Single(account.Told);
        // Exactly the secret that RDS names, and the password nowhere else.
        Assert.All(account.Reads, call => Assert.Equal(account.SecretArn, JsonElement.Parse(call.Call.Body.Span).GetProperty("SecretId").GetString()));
        Assert.DoesNotContain(PreparationFixture.Canary, await account.EverythingToldAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Act_InAStackThatObserves_OnlyPlans()
    {
        await fixture.ForgetRoleAsync();
        await using var account = await PreparedAccount.StartAsync(fixture);

        Assert.Equal(Decision.Observed, (await account.RunAsync(Mode.Act, mode: Mode.Observe)).Decision);
        Assert.Empty(await fixture.RoleAsync());
    }

    [Fact]
    public async Task Act_StrangersRole_IsRefusedInTheWordsOfTheScript()
    {
        await fixture.ForgetRoleAsync();
        await fixture.Database.Server.ExecuteAsync($"CREATE ROLE {LabInstance.AutomationUser} LOGIN PASSWORD 'of-an-application'", Test);
        var before = await fixture.RoleAsync();
        await using var account = await PreparedAccount.StartAsync(fixture);

        var outcome = await account.RunAsync(Mode.Act);

        Assert.Equal((Decision.Refused, Reasons.ScriptRefused), (outcome.Decision, outcome.Reason));
        Assert.Contains("was not made by this script", Assert.Single(account.Told).TextFor("email"), StringComparison.Ordinal);
        Assert.Equal(before, await fixture.RoleAsync());
        Assert.Empty(await account.RecordsAsync());
    }

    [Fact]
    public async Task Act_PasswordOfTheSecretIsWrong_IsRefusedAndShownNowhere()
    {
        await using var account = await PreparedAccount.StartAsync(fixture, password: PreparationFixture.Canary + "wrong");

        var outcome = await account.RunAsync(Mode.Act);

        Assert.Equal((Decision.Refused, Reasons.MasterRefused), (outcome.Decision, outcome.Reason));
        Assert.DoesNotContain(PreparationFixture.Canary, outcome.Summary + await account.EverythingToldAsync(), StringComparison.Ordinal);
    }

    // The role is made before it is known that IAM shuts it out: it is told as done, and the run fails.
    [Fact]
    public async Task Act_IamDeniesTheLogin_FailsAndSaysThatTheRoleIsMade()
    {
        await fixture.ForgetRoleAsync();
        await using var account = await PreparedAccount.StartAsync(fixture);

        var error = await Assert.ThrowsAsync<InvocationFailedException>(() => account.RunAsync(Mode.Act, credentials: PreparationFixture.Denied));

        Assert.Contains(Reasons.CannotLogIn, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(await fixture.RoleAsync());
        Assert.Equal(ActionResult.Done, Assert.Single(await account.RecordsAsync()).Result);
        Assert.Contains("WHAT WAS DONE", Assert.Single(account.Told).TextFor("email"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Act_ServerThatThenShutsTheMasterUserOut_TakesRdsIamBackAndFails()
    {
        await fixture.ForgetRoleAsync();
        await using var gate = fixture.StartFollowingGate();
        await using var account = await PreparedAccount.StartAsync(fixture, database => database with { Endpoint = new DatabaseEndpoint(database.Endpoint.Host, gate.Port) });

        var error = await Assert.ThrowsAsync<InvocationFailedException>(() => account.RunAsync(Mode.Act));

        Assert.Contains(Reasons.MasterShutOut, error.Message, StringComparison.Ordinal);
        // The master user comes in, or there would be no plan; and one thing is left to do.
        Assert.StartsWith("grant rds_iam to automation", Assert.Single(Plan(await account.RunAsync(Mode.Observe))), StringComparison.Ordinal);
        Assert.Equal(ActionResult.Failed, Assert.Single(await account.RecordsAsync()).Result);
        Assert.Contains("rds_iam was taken back from automation at once", Assert.Single(account.Told).TextFor("email"), StringComparison.Ordinal);
    }

    // Not the change shuts the master user out: nothing may be taken back.
    [Fact]
    public async Task Act_RdsRotatesTheMasterPasswordMeanwhile_TakesNothingBack()
    {
        await fixture.ForgetRoleAsync();
        await using var account = await PreparedAccount.StartAsync(fixture);
        account.Aws.Endpoint.After("dynamodb", "TransactWriteItems", async (_, answer, _) =>
        {
            await account.RotateMasterAsync(PreparationFixture.Canary + "rotated");
            return answer;
        });
        try
        {
            var done = await account.RunAsync(Mode.Act);

            Assert.Equal((Decision.Acted, Reasons.Prepared), (done.Decision, done.Reason));
            Assert.Equal(Reasons.AlreadyPrepared, (await account.RunAsync(Mode.Observe)).Reason);
            Assert.Equal(ActionResult.Done, Assert.Single(await account.RecordsAsync()).Result);
        }
        finally
        {
            await fixture.SetMasterPasswordAsync(fixture.MasterPassword);
        }
    }

    // No tag, IAM off, no secret, a switch: what is known without the secret is decided without it.
    [Theory]
    [InlineData("no-tag", Reasons.NotOptedIn, false)]
    [InlineData("no-iam", Reasons.IamAuthenticationOff, true)]
    [InlineData("no-secret", Reasons.NoManagedSecret, true)]
    [InlineData("another", Reasons.DatabaseNotFound, false)]
    [InlineData("stopped", Reasons.Stopped, true)]
    [InlineData("no-ledger", Reasons.SwitchUnreadable, true)]
    public async Task Act_WhatIsInTheWayBefore_ReadsNoSecretAndLogsInNowhere(string what, string reason, bool isTold)
    {
        await using var account = await PreparedAccount.StartAsync(fixture, database => what switch
        {
            "no-tag" => database with { Tags = new Dictionary<string, string> { ["environment"] = "staging" } },
            "no-iam" => database with { IamAuthentication = false },
            _ => database,
        }, password: what == "no-secret" ? "" : null);
        if (what == "stopped") await account.StopAsync();
        var logins = fixture.Database.Gate.Counts.Authenticated;

        var outcome = await account.RunAsync(Mode.Act, id: what == "another" ? "another-database" : null, table: what == "no-ledger" ? "no-such-table" : null);

        Assert.Equal((Decision.Refused, reason), (outcome.Decision, outcome.Reason));
        Assert.Empty(account.Reads);
        Assert.Equal(logins, fixture.Database.Gate.Counts.Authenticated);
        Assert.Equal(isTold ? 1 : 0, account.Told.Count);
    }

    [Fact]
    public async Task Act_WhileAnotherRunIsAtWork_IsRefused()
    {
        await using var account = await PreparedAccount.StartAsync(fixture);
        await account.BeginAnotherRunAsync();

        var outcome = await account.RunAsync(Mode.Act);

        Assert.Equal((Decision.Refused, Reasons.InProgress), (outcome.Decision, outcome.Reason));
        Assert.Empty(account.Reads);
    }

    // A secret that nobody may read looks to RDS as if there were none.
    [Fact]
    public async Task Observe_SecretThatIsNotGiven_IsRefusedWithTheCode()
    {
        await using var account = await PreparedAccount.StartAsync(fixture);
        account.Aws.Endpoint.Before("secretsmanager", "GetSecretValue", (_, _) => ValueTask.FromResult<AwsAnswer?>(new AwsAnswer
        {
            Status = 400,
            ContentType = "application/x-amz-json-1.1",
            Body = Encoding.UTF8.GetBytes("""{"__type":"AccessDeniedException","Message":"Access to KMS is not allowed"}"""),
        }));

        var outcome = await account.RunAsync(Mode.Observe);

        Assert.Equal((Decision.Refused, Reasons.SecretUnreadable), (outcome.Decision, outcome.Reason));
        Assert.Contains("AccessDeniedException", outcome.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not JSON canary-Zx81-", "secret")]
    [InlineData("""{"password":"canary-Zx81-"}""", "username")]
    [InlineData("""{"username":"postgres","password":7}""", "password")]
    public async Task Observe_SecretThatIsNoneOfRds_NamesTheFieldAndQuotesNothing(string text, string field)
    {
        await using var account = await PreparedAccount.StartAsync(fixture);
        account.Aws.Endpoint.Before("secretsmanager", "GetSecretValue", (_, _) => ValueTask.FromResult<AwsAnswer?>(new AwsAnswer
        {
            Status = 200,
            ContentType = "application/x-amz-json-1.1",
            Body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["SecretString"] = text }),
        }));

        var outcome = await account.RunAsync(Mode.Observe);

        Assert.Equal((Decision.Refused, Reasons.SecretMalformed), (outcome.Decision, outcome.Reason));
        Assert.Contains($"{field}: expected", outcome.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain(PreparationFixture.Canary, outcome.Summary + await account.EverythingToldAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Observe_ServerWithoutTls_GetsNothing()
    {
        using var ours = new TestClient();
        await using var server = ScriptedServer.Start(client => Tricks.BeforeTls["no TLS"](client, ours.Authority));
        await using var account = await PreparedAccount.StartAsync(fixture, database => database with { Endpoint = new DatabaseEndpoint(Tricks.Host, server.Port) });

        var outcome = await account.RunAsync(Mode.Observe);
        await server.AllEndedAsync();

        Assert.Equal((Decision.Refused, Reasons.TlsNotVerified), (outcome.Decision, outcome.Reason));
        Assert.All(server.Conversations, client => Assert.Equal(Messages.SslRequest, client.Wire));
        Assert.NotEmpty(server.Conversations);
    }

    // The server is the right one, and asks for the password itself: it learns the master user's name and no more.
    [Theory]
    [InlineData(Messages.Cleartext)]
    [InlineData(Messages.Md5)]
    public async Task Observe_ServerThatAsksForThePasswordItself_GetsNone(int kind)
    {
        using var ours = new TestClient();
        var roots = Path.GetTempFileName();
        await File.WriteAllTextAsync(roots, ours.Authority.Pem, Test);
        await using var server = ScriptedServer.Start(async client =>
        {
            await client.StartTlsAsync(ours.Certificate);
            await client.ReadUntypedAsync();
            await client.AskForAuthenticationAsync(kind, kind == Messages.Md5 ? Messages.Md5Salt : []);
            await client.DrainAsync();
        });
        await using var account = await PreparedAccount.StartAsync(fixture, database => database with { Endpoint = new DatabaseEndpoint(Tricks.Host, server.Port) });

        var outcome = await account.RunAsync(Mode.Observe, roots: TrustedRoots.FromFile(roots, "test"));
        await server.AllEndedAsync();
        File.Delete(roots);

        Assert.Equal((Decision.Refused, Reasons.LoginNotScram), (outcome.Decision, outcome.Reason));
        Assert.All(server.Conversations, client => Assert.DoesNotContain(PreparationFixture.Canary, Encoding.Latin1.GetString(client.InsideTls), StringComparison.Ordinal));
        Assert.NotEmpty(server.Conversations);
    }

    [Fact]
    public async Task Observe_MemberOfACluster_PlansForTheClusterAtItsWriterEndpoint()
    {
        await fixture.ForgetRoleAsync();
        await using var account = await PreparedAccount.StartAsync(fixture);
        var cluster = await account.RegisterClusterAsync();

        var outcome = await account.RunAsync(Mode.Observe, id: $"{cluster}-1");

        Assert.Equal((Decision.Observed, cluster, "cluster"), (outcome.Decision, outcome.Database, outcome.Kind));
        Assert.Equal("create role automation", Plan(outcome)[0]);
    }

    private static string[] Plan(Outcome outcome) => [.. outcome.Details.GetProperty("plan").EnumerateArray().Select(step => step.GetString()!)];
}
