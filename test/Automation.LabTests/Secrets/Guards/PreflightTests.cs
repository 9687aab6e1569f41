using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;
using Automation.Outcomes;
using Npgsql;

namespace Automation.LabTests.Secrets.Guards;

/// <summary>
/// What would stop a rotation half-way stops it at its first step, by its own name and with nothing stored; and
/// <c>RotateImmediately=false</c>, which is testSecret alone, says the same.
/// </summary>
[Collection(nameof(RotationGuardTests))]
public sealed class PreflightTests(RotationFixture fixture, PostgresFixture postgres)
{
    private const string Kill = "switch";

    public static TheoryData<string> Cases => [.. PreflightCase.All.Keys];

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Cases))]
    public async Task Create_SomethingIsWrong_IsRefusedByNameAndStoresNothing(string name)
    {
        var wrong = PreflightCase.All[name];
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(wrong.Kind, wrong.Members);
        if (wrong.Sql.Length > 0) await fixture.SqlAsync(Filled(wrong.Sql, secret));
        await wrong.Arrange(account, secret);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);
        var sockets = fixture.Database.Gate.Counts.Accepted;

        var said = await account.RefusedAsync(secret, token, "createSecret", wrong.Reason);
        Assert.Equal(said, await account.RefusedAsync(secret, token, "testSecret", wrong.Reason));

        Assert.Null(await account.ValueAsync(secret, token));
        if (wrong.BeforeASocket) Assert.Equal(sockets, fixture.Database.Gate.Counts.Accepted);
        // Each reason of a step is told once, however often the service tries.
        await account.RefusedAsync(secret, token, "createSecret", wrong.Reason);
        Assert.Equal(2, account.Told.Count);
        Assert.All(account.Told, told => Assert.Contains(wrong.Reason, told.TextFor("email"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(SecretKind.SingleUser)]
    [InlineData(SecretKind.AlternatingByIam)]
    [InlineData(SecretKind.AlternatingBySecret)]
    [InlineData(SecretKind.AdministratorByIam)]
    [InlineData(SecretKind.AdministratorBySecret)]
    public async Task Test_AloneAndNothingIsWrong_SaysSoAndWritesNothing(SecretKind kind)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(kind);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);
        var roles = await fixture.Database.Server.FingerprintAsync();

        var answer = await RotationAccount.StepAsync(secret, token, "testSecret", account.Warm(new RotationOptions { Mode = Mode.Observe }));

        Assert.True(answer.Succeeded, answer.ErrorMessage);
        Assert.Contains("ready-to-rotate", account.Output.Text, StringComparison.Ordinal);
        Assert.Equal(roles, await fixture.Database.Server.FingerprintAsync());
        Assert.DoesNotContain(account.Endpoint.Calls.Entries, call => call.Action is "PutSecretValue" or "UpdateSecretVersionStage" or "TransactWriteItems");
        Assert.Null(await account.ValueAsync(secret, token));
    }

    [Theory]
    [InlineData("createSecret")]
    [InlineData("setSecret")]
    [InlineData("finishSecret")]
    public async Task Step_ModeIsObserve_IsRefused(string step)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        var token = await account.OpenWithPendingAsync(secret);

        await account.RefusedAsync(secret, token, step, "observe-mode", new RotationOptions { Mode = Mode.Observe });
    }

    /// <summary>The labels are asked first: no socket is opened for a version that is not to be rotated.</summary>
    [Theory]
    [InlineData("createSecret")]
    [InlineData("setSecret")]
    [InlineData("testSecret")]
    [InlineData("finishSecret")]
    public async Task Step_LabelsSayNo_OpensNoSocket(string step)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        var unopened = await fixture.CreateAsync(SecretKind.SingleUser);
        var token = await account.OpenWithPendingAsync(secret);
        var sockets = fixture.Database.Gate.Counts.Accepted;

        await account.RefusedAsync(secret, RotationSecret.NewToken(), step, "unknown-version");
        if (step != "testSecret") await account.RefusedAsync(unopened, RotationSecret.NewToken(), step, "rotation-not-enabled");
        var nowhere = await RotationAccount.StepAsync(secret with { Arn = secret.Arn + "x" }, token, step, account.Warm());
        var current = await RotationAccount.StepAsync(secret, secret.FirstVersion, step, account.Warm());

        Assert.Equal("secret-not-found", RefusedStep.Reason(nowhere));
        Assert.True(current.Succeeded, current.ErrorMessage);
        Assert.Equal(sockets, fixture.Database.Gate.Counts.Accepted);
    }

    [Theory]
    [InlineData("setSecret")]
    [InlineData("finishSecret")]
    public async Task Step_PendingVersionIsEmpty_IsRefused(string step)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);

        await account.RefusedAsync(secret, token, step, "pending-empty");
    }

    [Fact]
    public async Task Create_EverySlotIsTaken_WaitsAndSucceedsLater()
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        var crowd = await fixture.CreateAsync(SecretKind.SingleUser);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);
        var taken = new List<NpgsqlConnection>();
        try
        {
            var full = await Assert.ThrowsAsync<PostgresException>(async () =>
            {
                while (true) taken.Add(await fixture.Database.Server.OpenAsync(crowd.Users[0], crowd.FirstPassword));
            });
            Assert.Equal(PostgresErrorCodes.TooManyConnections, full.SqlState);

            await account.RefusedAsync(secret, token, "createSecret", "no-slots");
            Assert.Null(await account.ValueAsync(secret, token));
        }
        finally
        {
            foreach (var connection in taken) await connection.DisposeAsync();
        }

        await Eventually.TrueAsync(async () => (await RotationAccount.StepAsync(secret, token, "createSecret", account.Warm())).Succeeded);
        Assert.NotNull(await account.ValueAsync(secret, token));
    }

    /// <summary>A real standby: the same data, in recovery.</summary>
    [Theory]
    [InlineData(SecretKind.SingleUser)]
    [InlineData(SecretKind.AdministratorBySecret)]
    public async Task Create_HostIsAStandby_IsRefusedAndStoresNothing(SecretKind kind)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        await using var standby = await postgres.StartOwnAsync();
        var secret = await fixture.CreateAsync(kind, members => new(members) { ["port"] = standby.Port });
        await standby.CreateLoginAsync(secret.Users[0], secret.FirstPassword, "", Test);
        if (secret.Administrator is { } administrator) await standby.CreateLoginAsync(administrator, secret.AdministratorPassword!, "CREATEROLE", Test);
        await standby.StopAsync(PostgresShutdown.Fast);
        await File.WriteAllTextAsync(Path.Combine(standby.DataFolder, "standby.signal"), "", Test);
        await standby.StartAsync(Test);
        var token = RotationSecret.NewToken();
        await account.Rotations.OpenAsync(secret.Arn, token);

        await account.RefusedAsync(secret, token, "createSecret", "standby");
        await account.RefusedAsync(secret, token, "testSecret", "standby");

        Assert.Null(await account.ValueAsync(secret, token));
        await account.PutPendingAsync(secret, token, await account.CurrentWithAsync(secret, ("password", "next-Passw0rd")));
        // Also where the version was stored before the host became one.
        await account.RefusedAsync(secret, token, "setSecret", "standby");
    }

    /// <summary>AWS's sample takes the suffix off any name and sets the password of a role it was never given.</summary>
    [Fact]
    public async Task Rotation_RoleIsCalledLikeAClone_ChangesItAndNotTheOther()
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var other = await fixture.CreateAsync(SecretKind.SingleUser);
        var name = other.Users[0] + "_clone";
        var password = RotationSecret.NewPassword();
        await fixture.SqlAsync($"CREATE ROLE {name} LOGIN PASSWORD '{password}'");
        var secret = await fixture.CreateAsync(SecretKind.SingleUser, members => new(members) { ["username"] = name, ["password"] = password });
        var others = await fixture.Database.Server.FingerprintAsync(except: name);

        var run = await account.RotateAsync(secret, account.Warm());

        Assert.True(run.Succeeded, run.Error);
        Assert.Null(await fixture.LogInAsync(name, password));
        Assert.True(await account.LogsInAsync(secret, run.Token));
        Assert.Equal(others, await fixture.Database.Server.FingerprintAsync(except: name));
    }

    [Theory]
    [InlineData("createSecret")]
    [InlineData("setSecret")]
    public async Task Step_KillSwitchIsOn_IsRefused(string step)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var secret = await fixture.CreateAsync(SecretKind.SingleUser);
        var token = step == "createSecret" ? RotationSecret.NewToken() : await account.OpenWithPendingAsync(secret);
        await account.Rotations.OpenAsync(secret.Arn, token);
        await fixture.Aws.DynamoDB.PutItemAsync(new()
        {
            TableName = account.Table,
            Item = new() { ["pk"] = new() { S = Kill }, ["sk"] = new() { S = "secrets" }, ["stopped"] = new() { BOOL = true } },
        }, Test);
        try
        {
            var answer = await RotationAccount.StepAsync(secret, token, step, account.Warm());

            Assert.Equal("stopped", RefusedStep.Reason(answer));
            Assert.DoesNotContain(account.Endpoint.Calls.Entries, call => call.Action == "PutSecretValue" && call.Call.AccessKeyId == "ASIAROTATION");
            Assert.True(await account.LogsInAsync(secret, secret.FirstVersion));
        }
        finally
        {
            await fixture.Aws.DynamoDB.DeleteItemAsync(new() { TableName = account.Table, Key = new() { ["pk"] = new() { S = Kill }, ["sk"] = new() { S = "secrets" } } }, Test);
        }
    }

    private static string Filled(string sql, RotationSecret secret) => sql
        .Replace("{user}", secret.Users[0], StringComparison.Ordinal)
        .Replace("{next}", secret.NextUser, StringComparison.Ordinal)
        .Replace("{administrator}", secret.Administrator ?? "automation", StringComparison.Ordinal);
}
