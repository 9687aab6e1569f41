using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Automation.Lab.Account;
using Automation.Lab.Lambda;
using Automation.Lab.Secrets;
using Automation.Secrets;

namespace Automation.LabTests.Secrets.Guards;

/// <summary>
/// Passwords, RotationTokens and names of roles that can be found again, through the deployed executable and every way a step
/// can end; then a search of all that was written anywhere: stdout with logs and metrics, stderr, answers, SNS messages, the
/// ledger, RDS calls, the server's log and <c>pg_stat_statements</c>.
/// </summary>
[Collection(nameof(RotationGuardTests))]
public sealed class CanaryTests(RotationFixture fixture, CanaryServer server) : IClassFixture<CanaryServer>
{
    private const string AwsService = "secretsmanager";
    private static readonly string[] Codes = ["AccessDeniedException", "InvalidRequestException", "InvalidParameterException", "DecryptionFailure", "InternalServiceError"];
    private readonly Canaries canaries = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SecretKind.SingleUser)]
    [InlineData(SecretKind.AdministratorByIam)]
    [InlineData(SecretKind.AdministratorBySecret)]
    [InlineData(SecretKind.AlternatingByIam)]
    public async Task Rotation_Succeeds_TellsNoSecret(SecretKind kind)
    {
        var secret = await fixture.CreateCanaryAsync(server, canaries, kind);
        var searched = await SearchAsync(async (account, built) =>
        {
            for (var turn = 0; turn < 2; turn++)
            {
                var token = RotationSecret.NewToken();
                var run = await account.RotateAsync(secret, async (payload, _) =>
                {
                    var result = await InvokeAsync(built, payload, canaries.RotationToken());
                    return new FunctionAnswer { Succeeded = result, ErrorMessage = "see the answers" };
                }, token);
                Assert.True(run.Succeeded, string.Join('\n', built.Answers));
                canaries.Secrets.Add((await account.ValueAsync(secret, token))!.Password.Value);
            }
        });

        // Every place that was searched did hear of the rotation.
        Assert.All(searched, place => Assert.Contains(secret.Arn, place.Value, StringComparison.Ordinal));
    }

    /// <summary>The current value says something that cannot be; what it says is not repeated.</summary>
    [Fact]
    public async Task Step_SecretIsMalformed_TellsNothingOfIt() => await SearchAsync(async (account, built) =>
    {
        var marker = canaries.Password();
        string[] values =
        [
            marker, $$"""{"password":"{{marker}}""", $$"""["{{marker}}"]""", $$"""{"{{marker}}":1}""",
            .. from member in (string[])["engine", "host", "port", "dbname", "username", "masterarn", "administrator", "usernames", "ssl", "dbInstanceIdentifier"]
               from value in (string[])[$"{marker} \u0000", $"{marker}\r\n{new string('x', 600)}", $"{marker},/;{marker}"]
               select JsonSerializer.Serialize(new Dictionary<string, object>
               {
                   ["engine"] = "postgres", ["host"] = RotationFixture.Host, ["username"] = "app", ["password"] = marker, [member] = value,
               }),
        ];
        foreach (var value in values)
        {
            var arn = (await fixture.Aws.SecretsManager.CreateSecretAsync(new() { Name = RotationFixture.NextName(), SecretString = value }, Test)).ARN;
            var token = RotationSecret.NewToken();
            await account.Rotations.OpenAsync(arn, token);
            Assert.Equal("MalformedSecret", (await built.StepAsync("createSecret", arn, token, canaries.RotationToken())).ErrorType);
        }
    });

    /// <summary>Refusals of the rules, the server and the administrator, at every step.</summary>
    [Fact]
    public async Task Step_Refused_TellsNoSecretAndNoForeignName() => await SearchAsync(async (account, built) =>
    {
        var expected = new Dictionary<string, int>();
        async Task EveryStepAsync(SecretKind kind, string sql, Func<RotationSecret, Task> arrange, params (string Name, object? Value)[] pending)
        {
            var secret = await fixture.CreateCanaryAsync(server, canaries, kind);
            var token = RotationSecret.NewToken();
            await account.Rotations.OpenAsync(secret.Arn, token);
            await account.PutPendingAsync(secret, token, await account.CurrentWithAsync(secret, [("password", canaries.Password()), ("username", secret.NextUser), .. pending]));
            if (sql.Length > 0) await server.Server.ExecuteAsync(sql.Replace("{user}", secret.Users[0], StringComparison.Ordinal), Test);
            await arrange(secret);
            foreach (var step in RotationDriver.Steps)
            {
                var result = await built.StepAsync(step, secret.Arn, token, canaries.RotationToken());
                if (!result.Succeeded) expected[result.ErrorType!] = expected.GetValueOrDefault(result.ErrorType!) + 1;
                server.ReadLog();
            }
        }
        static Task Nothing(RotationSecret secret) => Task.CompletedTask;

        await EveryStepAsync(SecretKind.SingleUser, "", Nothing, ("username", canaries.User()));
        await EveryStepAsync(SecretKind.SingleUser, "", Nothing, ("host", canaries.User() + ".example.com"));
        await EveryStepAsync(SecretKind.SingleUser, "", Nothing, ("dbname", canaries.User()));
        await EveryStepAsync(SecretKind.SingleUser, "", secret => fixture.ChangeAsync(secret, ("password", canaries.Password())));
        await EveryStepAsync(SecretKind.SingleUser, "", secret => fixture.ChangeAsync(secret, ("username", canaries.User())), ("username", canaries.Names[^1]));
        await EveryStepAsync(SecretKind.SingleUser, "", secret => fixture.ChangeAsync(secret, ("dbname", canaries.User())), ("dbname", canaries.Names[^1]));
        await EveryStepAsync(SecretKind.SingleUser, "ALTER ROLE {user} NOLOGIN", Nothing);
        await EveryStepAsync(SecretKind.SingleUser, "ALTER ROLE {user} VALID UNTIL '2020-01-01'", Nothing);
        await EveryStepAsync(SecretKind.SingleUser, "ALTER ROLE {user} CONNECTION LIMIT 0", Nothing);
        await EveryStepAsync(SecretKind.SingleUser, "ALTER ROLE {user} SET default_transaction_read_only = on", Nothing);
        await EveryStepAsync(SecretKind.SingleUser, "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC", Nothing);
        await server.Server.ExecuteAsync("GRANT CONNECT ON DATABASE postgres TO PUBLIC", Test);
        await EveryStepAsync(SecretKind.AdministratorByIam, "REVOKE {user} FROM automation", Nothing);
        await EveryStepAsync(SecretKind.AdministratorByIam, "ALTER ROLE {user} SUPERUSER", Nothing);
        await EveryStepAsync(SecretKind.AlternatingByIam, "ALTER ROLE {user} CONNECTION LIMIT 3", Nothing);
        foreach (var administrator in (string[])[canaries.Password(), $$"""{"host":"localhost","username":"{{canaries.User()}}","password":"{{canaries.Password()}}"}""", """{"host":"h"}"""])
            await EveryStepAsync(SecretKind.AdministratorBySecret, "", async secret =>
                await fixture.Aws.SecretsManager.PutSecretValueAsync(new() { SecretId = secret.AdministratorArn, SecretString = administrator }, Test));

        // So many kinds of ends have been seen; none of these scenarios went well by mistake.
        string[] seen =
        [
            "PendingUserDiffers", "PendingHostDiffers", "PendingDiffers", "CurrentRefused", "NoLogin", "Expired", "NoSlots", "ReadOnly",
            "DatabaseError", "NoAdminOption", "RoleIsSuperuser", "PairUnequal", "AdministratorMalformed", "AdministratorRefused", "NoVersionLogsIn",
        ];
        Assert.All(seen, error => Assert.Contains(error, expected.Keys));
    });

    /// <summary>AWS's errors, with what it was sent in their words.</summary>
    [Fact]
    public async Task Step_AwsRefuses_RepeatsNothingOfItsWords() => await SearchAsync(async (account, built) =>
    {
        (string Action, string Code)? failing = null;
        var words = $"{canaries.Password()} and {canaries.RotationToken()} of {canaries.User()}";
        account.Endpoint.Before(AwsService, null, (call, _) => ValueTask.FromResult(failing is var (action, code) && call.Action == action
            ? ErrorAnswer.Create(call, code == "InternalServiceError" ? 500 : 400, code, $"User {words} is not authorized to perform: secretsmanager:{action} on resource: {words}")
            : null));
        foreach (var code in Codes)
        {
            foreach (var (step, action) in ((string, string)[])[
                ("createSecret", "DescribeSecret"), ("createSecret", "GetSecretValue"), ("createSecret", "PutSecretValue"),
                ("setSecret", "DescribeSecret"), ("testSecret", "DescribeSecret"), ("finishSecret", "UpdateSecretVersionStage")])
            {
                var secret = await fixture.CreateCanaryAsync(server, canaries, SecretKind.SingleUser);
                var token = RotationSecret.NewToken();
                await account.Rotations.OpenAsync(secret.Arn, token);
                foreach (var before in RotationDriver.Steps.TakeWhile(before => before != step))
                    Assert.True((await built.StepAsync(before, secret.Arn, token, canaries.RotationToken())).Succeeded, built.Answers.Last());
                failing = (action, code);
                var result = await built.StepAsync(step, secret.Arn, token, canaries.RotationToken());
                Assert.False(result.Succeeded, $"{step} {action} {code}");
                if (code == "AccessDeniedException") Assert.Contains($"does not permit secretsmanager:{action}", result.ErrorMessage, StringComparison.Ordinal);
                failing = null;
                if (await account.ValueAsync(secret, token) is { } stored) canaries.Secrets.Add(stored.Password.Value);
                server.ReadLog();
            }
        }
        failing = ("ListSecretVersionIds", "AccessDeniedException");
        var recovered = await fixture.CreateCanaryAsync(server, canaries, SecretKind.SingleUser);
        Assert.False((await built.InvokeAsync(JsonSerializer.Serialize(new { detail = new { secret = recovered.Arn } }))).Succeeded);
    });

    /// <summary>Inputs that are none, with a credential in each field.</summary>
    [Fact]
    public async Task Input_IsMalformed_IsNotRepeated() => await SearchAsync(async (_, built) =>
    {
        var marker = canaries.RotationToken();
        var sound = new Dictionary<string, object?>
        {
            ["Step"] = "createSecret", ["SecretId"] = "arn:aws:secretsmanager:eu-north-1:123456789012:secret:a-AbCdEf",
            ["ClientRequestToken"] = RotationSecret.NewToken(), ["RotationToken"] = marker,
        };
        foreach (var field in sound.Keys.ToList())
        {
            foreach (var value in (object?[])[$"{marker} {marker}", $"{marker}\n", new[] { marker }, new { marker }, null])
                Assert.False((await built.InvokeAsync(JsonSerializer.Serialize(new Dictionary<string, object?>(sound) { [field] = value, ["ClientRequestToken"] = "short" }))).Succeeded);
        }
        Assert.False((await built.InvokeAsync($"{{\"RotationToken\":\"{marker}\",\"RotationToken\":\"{marker}\"}}")).Succeeded);
        Assert.False((await built.InvokeAsync($"{{\"RotationToken\":\"{marker}")).Succeeded);
        Assert.False((await built.InvokeAsync($"\"{marker}\"")).Succeeded);
    });

    /// <summary>By hand a person is told which role it is about, and no more.</summary>
    [Theory]
    [InlineData("observe")]
    [InlineData("act")]
    public async Task Recovery_OfEveryKind_TellsNoPassword(string mode)
    {
        var named = new List<string>();
        await SearchAsync(async (account, built) =>
        {
            foreach (var kind in (SecretKind[])[SecretKind.SingleUser, SecretKind.AdministratorByIam, SecretKind.AdministratorBySecret])
            {
                var secret = await fixture.CreateCanaryAsync(server, canaries, kind);
                named.AddRange(secret.Users);
                // Another version has the database's password; then none has.
                await fixture.ChangeAsync(secret, ("password", canaries.Password()));
                await RecoverAsync(built, secret.Arn, mode);
                await server.Server.ExecuteAsync($"ALTER ROLE {secret.Users[0]} PASSWORD '{ScramVerifier.Of(new(canaries.Password()))}'", Test);
                await RecoverAsync(built, secret.Arn, mode);
                await fixture.ChangeAsync(secret, ("host", "127.0.0.1"), ("username", canaries.User()));
                await RecoverAsync(built, secret.Arn, mode);
            }
            Assert.Contains(mode == "act" ? "\"repaired\"" : "\"repair-planned\"", string.Join('\n', built.Answers).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
            foreach (var name in named) canaries.Names.Remove(name);
        });
    }

    private static Task<InvocationResult> RecoverAsync(BuiltRotation built, string secret, string mode) =>
        built.InvokeAsync(JsonSerializer.Serialize(new { detail = new { secret, mode } }));

    private static async Task<bool> InvokeAsync(BuiltRotation built, string payload, string rotationToken)
    {
        var members = JsonSerializer.Deserialize<Dictionary<string, string>>(payload)!;
        return (await built.StepAsync(members["Step"], members["SecretId"], members["ClientRequestToken"], rotationToken)).Succeeded;
    }

    /// <summary>Lets the scenarios happen, then looks for canaries; and first for one that is there, or the search would find nothing anywhere.</summary>
    /// <returns>What was searched, but for the server's own.</returns>
    private async Task<IReadOnlyDictionary<string, string>> SearchAsync(Func<RotationAccount, BuiltRotation, Task> scenarios)
    {
        await using var account = await RotationAccount.StartAsync(fixture);
        var built = await BuiltRotation.StartAsync(account, server.CaBundle);
        await using (built) await scenarios(account, built);
        var control = $"control_{RotationSecret.NewPassword()}";
        await server.Server.ExecuteAsync($"CREATE ROLE {control} PASSWORD '{control}'", Test);
        var onServer = await server.WrittenAsync();
        Assert.All(onServer, place => Assert.Contains($"PASSWORD '{control}'", place.Value, StringComparison.Ordinal));

        var ours = new Dictionary<string, string>
        {
            ["stdout and stderr"] = built.Output,
            ["answers"] = string.Join('\n', built.Answers),
            ["calls of other services"] = string.Join('\n', account.Endpoint.Calls.Entries.Where(call => call.Service != AwsService)
                .Select(call => $"{Encoding.UTF8.GetString(call.Call.Body.Span)} {string.Join(' ', call.Call.Parameters.Values)}")),
            ["SNS"] = string.Join('\n', account.Told.SelectMany(told => told.Messages.Values.Append(told.Subject ?? ""))),
            ["ledger"] = JsonSerializer.Serialize((await fixture.Aws.DynamoDB.ScanAsync(new ScanRequest { TableName = account.Table, ConsistentRead = true }, Test)).Items),
        };
        Assert.All(ours.Take(2), place => Assert.NotEqual("", place.Value));
        var found = (from place in ours.Concat(onServer) from word in canaries.Secrets where place.Value.Contains(word, StringComparison.Ordinal) select $"{place.Key}: {word}")
            .Concat(from place in ours from name in canaries.Names where place.Value.Contains(name, StringComparison.Ordinal) select $"{place.Key}: {name}");
        Assert.Empty(found);
        Assert.NotEmpty(canaries.Secrets);
        Assert.Empty(account.Endpoint.Problems.Entries);
        return ours;
    }
}
