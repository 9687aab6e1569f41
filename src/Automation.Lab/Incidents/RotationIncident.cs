using System.Globalization;
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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly CheckList checks = new(story);
    private readonly HashSet<string> first = [];

    public async Task<IReadOnlyList<Check>> RunAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        var stop = limit.Token;
        using var clients = new LabClients(lab.Account.Endpoint.Uri, LabClients.Anybody, "us-east-1");

        story.Chapter("Passwords rotate under logins");
        var secrets = await story.StepAsync("three roles and their secrets", () => PrepareAsync(clients, stop),
            made => $"{made.Count} secrets, tagged automation:rotation = allow");
        await RefuseAsync(clients, secrets[IamRole], stop);
        await RotateSingleAsync(clients, secrets[SingleRole], stop);
        await RotateAlternatingAsync(clients, secrets[FirstRole], stop);
        await ProveAsync(clients, secrets.Values, stop);
        return checks.All;
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
    private async Task RefuseAsync(LabClients clients, string secret, CancellationToken stop)
    {
        var run = await story.StepAsync("a check before the first rotation (RotateImmediately=false), of a role in rds_iam",
            () => RotateAsync(clients, secret, immediately: false, stop), ended => ended.Steps[^1].Answer.ErrorMessage ?? "it succeeded");
        var versions = await clients.SecretsManager.ListSecretVersionIdsAsync(
            new ListSecretVersionIdsRequest { SecretId = secret, IncludeDeprecated = true }, stop);
        checks.Add("a rotation that could not work is refused, with its reason, and nothing is stored",
            !run.Succeeded && run.Steps[^1].Answer.ErrorMessage?.StartsWith("rds-iam-member:", StringComparison.Ordinal) is true && versions.Versions.Count == 1,
            run.Steps[^1].Answer.ErrorType ?? "no error");
    }

    private async Task RotateSingleAsync(LabClients clients, string secret, CancellationToken stop)
    {
        var before = await ReadAsync(clients, secret, stop);
        var (run, logins) = await story.StepAsync("a single user changes its own password, while its application logs in 50 times a second",
            () => RotateUnderLoginsAsync(clients, secret, SecretReading.EachLogin, 1, stop),
            seen => $"{seen.Logins.Logins} logins, {seen.Logins.Failures} of them in the gap; longest {seen.Logins.LongestGap.TotalMilliseconds:F0} ms");
        foreach (var step in run[0].Steps)
            story.Line(string.Create(CultureInfo.InvariantCulture, $"{step.Step,-13} {step.Duration.TotalMilliseconds,6:F0} ms  {Summary(step)}"));
        var after = await ReadAsync(clients, secret, stop);
        checks.Add("the rotation of the single user succeeded", run[0].Succeeded, run[0].Error ?? $"in {run[0].Duration.TotalMilliseconds:F0} ms");
        checks.Add("the new password logs in, the old one does not",
            await LogsInAsync(SingleRole, after.Password, stop) && !await LogsInAsync(SingleRole, before.Password, stop), SingleRole);
        checks.Add("logins failed in the gap only, and came back by themselves", logins.Gaps.Count <= 1 && logins.Errors == 0,
            $"{logins.Refused} of {logins.Logins} refused in {logins.LongestGap.TotalMilliseconds:F0} ms");

        var told = await lab.Account.Notifications.FirstAsync(
            message => message.Attributes.GetValueOrDefault("capability") == "secrets" && message.Attributes.GetValueOrDefault("decision") == "acted", stop);
        story.Message(told.Subject ?? "", told.TextFor("email"));
        checks.AddOrigin(told, "Secrets Manager");
    }

    private async Task RotateAlternatingAsync(LabClients clients, string secret, CancellationToken stop)
    {
        const int Times = 3;
        var (runs, logins) = await story.StepAsync($"two users take turns, {Times} times, under the same logins",
            () => RotateUnderLoginsAsync(clients, secret, SecretReading.EachLogin, Times, stop),
            seen => $"{seen.Logins.Logins} logins, {seen.Logins.Failures} failed");
        checks.Add($"{Times} rotations of alternating users succeeded", runs.All(run => run.Succeeded), string.Join(", ", runs.Select(run => run.Error ?? "rotated")));
        checks.Add("not one login failed while two users took turns", logins.Failures == 0 && logins.Ok > 0, $"{logins.Ok} of {logins.Logins} logged in");
    }

    private async Task ProveAsync(LabClients clients, IEnumerable<string> secrets, CancellationToken stop)
    {
        var generated = new List<string>();
        foreach (var secret in secrets)
        {
            var versions = await clients.SecretsManager.ListSecretVersionIdsAsync(
                new ListSecretVersionIdsRequest { SecretId = secret, IncludeDeprecated = true }, stop);
            foreach (var version in versions.Versions)
                generated.Add(Password(await clients.SecretsManager.GetSecretValueAsync(
                    new GetSecretValueRequest { SecretId = secret, VersionId = version.VersionId }, stop)).Password);
        }
        generated.RemoveAll(first.Contains);
        var written = lab.Database.Server.Log
            .Concat(lab.Functions.Logs.Entries.Select(entry => entry.Line))
            .Concat(lab.Account.Notifications.Entries.SelectMany(message => message.Messages.Values));
        var leaks = written.Count(line => generated.Exists(password => line.Contains(password, StringComparison.Ordinal)));
        checks.Add("no new password is in the server's log, the functions' logs or a message", leaks == 0 && generated.Count == 4, $"{generated.Count} passwords looked for");
        // The server logs every change of a role: what it saw is a verifier.
        var changes = lab.Database.Server.Log.Count(line => line.Contains("PASSWORD 'SCRAM-SHA-256$4096:", StringComparison.Ordinal));
        checks.Add("PostgreSQL was sent verifiers only", changes >= 4, $"{changes} ALTER ROLE in its log");
    }

    private async Task<(IReadOnlyList<RotationRun> Runs, LoginSummary Logins)> RotateUnderLoginsAsync(
        LabClients clients, string secret, SecretReading reading, int times, CancellationToken stop)
    {
        await using var logins = SecretLogins.Start(new SecretLoginsOptions
        {
            Secrets = clients.SecretsManager,
            SecretId = secret,
            Login = (user, password) => lab.Database.Login(user, password, "shop"),
            Reading = reading,
            Time = TimeProvider.System,
        });
        await logins.NextSuccessAsync(stop);
        var runs = new List<RotationRun>();
        for (var turn = 0; turn < times; turn++)
        {
            runs.Add(await RotateAsync(clients, secret, immediately: true, stop));
            await logins.NextSuccessAsync(stop);
        }
        return (runs, await logins.StopAsync());
    }

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
}
