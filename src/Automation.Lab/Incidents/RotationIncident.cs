using System.Globalization;
using System.Text;
using System.Text.Json;
using Amazon.SecretsManager.Model;
using Automation.Lab.Aws;
using Automation.Lab.Screen;
using Automation.Lab.Secrets;
using Npgsql;

namespace Automation.Lab.Incidents;

/// <summary>
/// Passwords change while applications log in 50 times a second: Secrets Manager drives the built function through the steps,
/// for a role that changes its own password, for two that take turns, and for one that must be refused; and the proof.
/// </summary>
internal sealed class RotationIncident(LocalLab lab, IStory story)
{
    public const string Function = "RotateSecretFunction";

    private const string SingleRole = "invoices", Owner = "shop_owner", FirstRole = "shop_a", SecondRole = "shop_b", IamRole = "reports_iam";
    private const int Turns = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly CheckList checks = new(story);
    private readonly HashSet<string> first = [];

    public async Task<IReadOnlyList<Check>> RunAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        var stop = limit.Token;
        using var clients = new LabClients(lab.Account.Endpoint.Uri, LabClients.Anybody, lab.Region);

        story.Open(new Scene(Incident.Rotation, "Midday", "passwords change under load",
            "A password that lives for ever leaks one day. So Secrets Manager has it changed regularly, while the applications that use it log in all the time."));
        story.Happened("Three secrets are to be rotated: of a role that cannot log in by password at all, of a role that changes its own password, and of two that take turns. An application logs in 50 times a second with whatever the secret says.");
        var secrets = await story.StepAsync("three roles and their secrets", () => PrepareAsync(clients, stop),
            made => $"{made.Count} secrets, tagged automation:rotation = allow");
        var refused = await RefuseAsync(clients, secrets[IamRole], stop);
        if (lab.Observes) await ObserveAsync(clients, secrets[SingleRole], refused, stop);
        else await ActAsync(clients, secrets, refused, stop);
        return checks.All;
    }

    private async Task ActAsync(LabClients clients, Dictionary<string, string> secrets, Rotated refused, CancellationToken stop)
    {
        var before = await ReadAsync(clients, secrets[SingleRole], stop);
        var single = await RotateUnderLoginsAsync("a single user changes its own password, while its application logs in", clients, secrets[SingleRole], 1, stop);
        var after = await ReadAsync(clients, secrets[SingleRole], stop);
        var turns = await RotateUnderLoginsAsync($"two users take turns, {Turns} times, under the same logins", clients, secrets[FirstRole], Turns, stop);

        Show(refused, IamRole);
        Show(single, SingleRole);
        Show(turns, $"{FirstRole} and {SecondRole}");
        story.Decided(refused.Decisions[^1]);
        story.Decided(single.Decisions[^1]);
        story.Decided(turns.Decisions[^1]);
        foreach (var step in single.Runs[0].Steps)
            story.Line(string.Create(CultureInfo.InvariantCulture, $"{SingleRole}: {step.Step,-13} {step.Duration.TotalMilliseconds,6:F0} ms  {Summary(step)}"));
        await TellAsync("acted", stop);

        story.Proof();
        await CheckRefusedAsync(clients, secrets[IamRole], refused.Runs[0], "rds-iam-member", stop);
        checks.Add("the rotation of the single user succeeded", single.Runs[0].Succeeded, single.Runs[0].Error ?? $"in {single.Runs[0].Duration.TotalMilliseconds:F0} ms");
        checks.Add("the new password logs in, the old one does not",
            await LogsInAsync(SingleRole, after.Password, stop) && !await LogsInAsync(SingleRole, before.Password, stop), SingleRole);
        checks.Add("logins failed in the gap only, and came back by themselves", single.Logins!.Gaps.Count <= 1 && single.Logins.Errors == 0,
            $"{single.Logins.Refused} of {single.Logins.Logins} refused in {single.Logins.LongestGap.TotalMilliseconds:F0} ms");
        checks.Add($"{Turns} rotations of alternating users succeeded", turns.Runs.All(run => run.Succeeded), string.Join(", ", turns.Runs.Select(run => run.Error ?? "rotated")));
        checks.Add("not one login failed while two users took turns", turns.Logins!.Failures == 0 && turns.Logins.Ok > 0, $"{turns.Logins.Ok} of {turns.Logins.Logins} logged in");
        await ProveAsync(clients, secrets.Values, stop);
    }

    /// <summary>A rotation cannot be half a one: with <c>MODE=observe</c> it is refused at its first step, and Secrets Manager keeps the value.</summary>
    private async Task ObserveAsync(LabClients clients, string secret, Rotated refused, CancellationToken stop)
    {
        var before = await ReadAsync(clients, secret, stop);
        var single = await RotateUnderLoginsAsync("a single user is to change its own password, while its application logs in", clients, secret, 1, stop);
        var after = await ReadAsync(clients, secret, stop);

        Show(refused, IamRole);
        Show(single, SingleRole);
        story.Decided(refused.Decisions[^1]);
        story.Decided(single.Decisions[^1]);
        await TellAsync("refused", stop);

        story.Proof();
        await CheckRefusedAsync(clients, secret, single.Runs[0], "observe-mode", stop);
        checks.Add("the secret says what it said", after == before, SingleRole);
        checks.Add("its password logs in", await LogsInAsync(SingleRole, before.Password, stop), SingleRole);
        checks.Add("not one login failed", single.Logins!.Failures == 0 && single.Logins.Ok > 0, $"{single.Logins.Ok} of {single.Logins.Logins} logged in");
        var changes = lab.Database.Server.Log.Count(line => line.Contains("PASSWORD 'SCRAM-SHA-256$4096:", StringComparison.Ordinal));
        checks.Add("PostgreSQL was asked for no change", changes == 0, $"{changes} ALTER ROLE in its log");
    }

    private async Task<Dictionary<string, string>> PrepareAsync(LabClients clients, CancellationToken stop)
    {
        var passwords = new Dictionary<string, string>
        {
            [SingleRole] = await lab.Database.CreateLoginAsync(SingleRole, stop),
            [IamRole] = await lab.Database.CreateLoginAsync(IamRole, stop),
            [FirstRole] = await lab.Database.CreatePairAsync(Owner, FirstRole, SecondRole, stop),
        };
        // These were set in plain words, as people do; the server logged them.
        first.UnionWith(passwords.Values);
        await lab.Database.Server.ExecuteAsync($"GRANT rds_iam TO {IamRole}", stop);
        var secrets = new Dictionary<string, string>();
        foreach (var (role, password) in passwords)
            secrets[role] = (await clients.SecretsManager.CreateSecretAsync(new CreateSecretRequest
            {
                Name = $"lab/{lab.Database.Id}/{role}",
                SecretString = Json(role, password),
                Tags = [new Tag { Key = "automation:rotation", Value = "allow" }],
            }, stop)).ARN;
        return secrets;
    }

    /// <summary>The preflight: a role that RDS lets in with tokens only would be locked out of nothing, and its secret of everything.</summary>
    private async Task<Rotated> RefuseAsync(LabClients clients, string secret, CancellationToken stop)
    {
        var earlier = lab.Functions.Invocations.Entries.Count;
        var run = await story.StepAsync("a check before the first rotation (RotateImmediately=false), of a role in rds_iam",
            () => RotateAsync(clients, secret, immediately: false, stop), ended => ended.Steps[^1].Answer.ErrorMessage ?? "it succeeded");
        return new Rotated([run], Decisions(earlier), null);
    }

    private async Task CheckRefusedAsync(LabClients clients, string secret, RotationRun run, string reason, CancellationToken stop)
    {
        var values = await SecretVersions.AllAsync(clients.SecretsManager, secret, stop);
        checks.Add("a rotation that must not be is refused, with its reason, and nothing is stored",
            !run.Succeeded && run.Steps[^1].Answer.ErrorMessage?.StartsWith($"{reason}:", StringComparison.Ordinal) is true && values.Count == 1,
            $"{run.Steps[^1].Answer.ErrorType ?? "no error"}; values of the secret: {values.Count}");
    }

    private void Show(Rotated rotated, string roles) => story.Saw(new Sighting(TriggerKind.SecretsManager,
        string.Join(", ", rotated.Runs[0].Steps.Select(step => step.Step).Distinct()), rotated.Decisions[0].At,
        [
            new Fact("role", roles),
            .. rotated.Logins is { } logins
                ? [new Fact("its application", string.Create(CultureInfo.InvariantCulture, $"{logins.Logins} logins, {logins.Failures} failed, for {logins.LongestGap.TotalMilliseconds:F0} ms at most"))]
                : (IReadOnlyList<Fact>)[],
        ]));

    private async Task TellAsync(string decision, CancellationToken stop)
    {
        var told = await lab.Account.Notifications.FirstAsync(
            message => message.Attributes.GetValueOrDefault("capability") == "secrets" && message.Attributes.GetValueOrDefault("decision") == decision, stop);
        story.Message(told.Subject ?? "", told.TextFor("email"));
        checks.AddOrigin(told, "Secrets Manager");
    }

    private List<Decision> Decisions(int earlier) =>
        [.. lab.Functions.Invocations.Entries.Skip(earlier).Where(call => call.Function == Function).Select(call => Answers.Of(Function, call.Result))];

    private async Task ProveAsync(LabClients clients, IEnumerable<string> secrets, CancellationToken stop)
    {
        var generated = new List<string>();
        foreach (var secret in secrets)
            generated.AddRange((await SecretVersions.AllAsync(clients.SecretsManager, secret, stop)).Select(version => version.Password));
        generated.RemoveAll(first.Contains);
        var written = lab.Database.Server.Log
            .Concat(lab.Functions.Logs.Entries.Select(entry => entry.Line))
            .Concat(lab.Functions.Invocations.Entries.Concat(lab.Observers.Invocations.Entries).Select(call => Encoding.UTF8.GetString(call.Result.Payload.Span)))
            .Concat(lab.Account.Notifications.Entries.SelectMany(message => message.Messages.Values));
        var looked = generated.Select(password => new KnownSecret("a password", password)).ToList();
        var leaks = written.Count(text => KnownSecrets.In(text, looked).Count > 0);
        checks.Add("no new password is in the server's log, the functions' logs and answers, or a message", leaks == 0 && generated.Count == 4, $"{generated.Count} passwords looked for");
        // The server logs every change of a role: what it saw is a verifier.
        var changes = lab.Database.Server.Log.Count(line => line.Contains("PASSWORD 'SCRAM-SHA-256$4096:", StringComparison.Ordinal));
        checks.Add("PostgreSQL was sent verifiers only", changes >= 4, $"{changes} ALTER ROLE in its log");
    }

    private Task<Rotated> RotateUnderLoginsAsync(string title, LabClients clients, string secret, int times, CancellationToken stop) => story.StepAsync(title,
        async () =>
        {
            var earlier = lab.Functions.Invocations.Entries.Count;
            await using var logins = SecretLogins.Start(new SecretLoginsOptions
            {
                Secrets = clients.SecretsManager,
                SecretId = secret,
                Login = (user, password) => lab.Database.Login(user, password, "shop"),
                Reading = SecretReading.EachLogin,
                Time = TimeProvider.System,
            });
            await logins.NextSuccessAsync(stop);
            var runs = new List<RotationRun>();
            for (var turn = 0; turn < times; turn++)
            {
                runs.Add(await RotateAsync(clients, secret, immediately: true, stop));
                await logins.NextSuccessAsync(stop);
            }
            return new Rotated(runs, Decisions(earlier), await logins.StopAsync());
        },
        seen => $"{seen.Logins!.Logins} logins, {seen.Logins.Failures} failed");

    private async Task<RotationRun> RotateAsync(LabClients clients, string secret, bool immediately, CancellationToken stop)
    {
        var accepted = await clients.SecretsManager.RotateSecretAsync(new RotateSecretRequest
        {
            SecretId = secret,
            ClientRequestToken = Guid.NewGuid().ToString(),
            RotationLambdaARN = lab.Account.Template.Function(Function).Arn,
            RotationRules = new RotationRulesType { AutomaticallyAfterDays = 30 },
            RotateImmediately = immediately,
        }, stop);
        return await lab.Account.Rotations.Runs.FirstAsync(run => run.Token == accepted.VersionId, stop);
    }

    private async Task<bool> LogsInAsync(string role, string password, CancellationToken stop)
    {
        try
        {
            await using var connection = new NpgsqlConnection(lab.Database.Login(role, password, "shop").ConnectionString);
            await connection.OpenAsync(stop);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            return false;
        }
    }

    private string Json(string role, string password)
    {
        var members = new Dictionary<string, object>
        {
            ["engine"] = "postgres",
            ["host"] = lab.Database.Registration.Endpoint.Host,
            ["port"] = lab.Database.Registration.Endpoint.Port,
            ["dbname"] = "postgres",
            ["username"] = role,
            ["password"] = password,
            ["dbInstanceIdentifier"] = lab.Database.Id,
        };
        if (role == FirstRole) members["usernames"] = new[] { FirstRole, SecondRole };
        return JsonSerializer.Serialize(members);
    }

    private static string Summary(RotationStepRun step) => step.Answer.Succeeded
        ? FunctionOutcome.Read(step.Answer.Payload).Summary
        : $"{step.Answer.ErrorType}: {step.Answer.ErrorMessage}";

    private static async Task<(string User, string Password)> ReadAsync(LabClients clients, string secret, CancellationToken stop) =>
        Password(await clients.SecretsManager.GetSecretValueAsync(new GetSecretValueRequest { SecretId = secret, VersionStage = "AWSCURRENT" }, stop));

    private static (string User, string Password) Password(GetSecretValueResponse value)
    {
        var members = JsonElement.Parse(value.SecretString);
        return (members.GetProperty("username").GetString()!, members.GetProperty("password").GetString()!);
    }

    /// <summary>Rotations of one secret, one after the other.</summary>
    /// <param name="Runs">How Secrets Manager saw them end.</param>
    /// <param name="Decisions">What the function decided in each step.</param>
    /// <param name="Logins">What the application saw; <c>null</c> where none logged in.</param>
    private sealed record Rotated(IReadOnlyList<RotationRun> Runs, IReadOnlyList<Decision> Decisions, LoginSummary? Logins);
}
