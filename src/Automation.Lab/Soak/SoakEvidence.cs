using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2.Model;
using Amazon.SecretsManager.Model;
using Automation.Lab.Account;
using Automation.Lab.Lambda;
using Automation.Lab.Setup;
using Automation.Lab.Snapshots;
using Npgsql;

namespace Automation.Lab.Soak;

/// <summary>Gathers, when everything is over, what the lab's parts know.</summary>
internal sealed partial class SoakEvidence(SoakLab lab, SoakWitness witness, SoakRun run)
{
    public const string ServerLog = "a server's log";
    private const string Untold = "nobody could be told";

    public async Task<SoakFacts> GatherAsync(CancellationToken cancellation)
    {
        var calls = lab.Account.Endpoint.Calls.Entries;
        var ofFunctions = calls.Where(call => lab.Functions.Keys.Contains(call.Call.AccessKeyId)).ToList();
        // A name may come again when its snapshot is gone.
        var tags = calls.Where(call => call is { Action: "CreateDBSnapshot", TookEffect: true }).GroupBy(call => call.Call.Parameters["DBSnapshotIdentifier"])
            .ToDictionary(named => named.Key, named => SoakCalls.Tags(named.Last().Call));
        var (canaries, logins) = await PasswordsAsync(cancellation);
        return new SoakFacts
        {
            Calls = [.. ofFunctions.Select(SoakCalls.Mutation).OfType<MutatingCall>()],
            Actions = [.. ofFunctions.Where(call => call.TookEffect).SelectMany(call => SoakCalls.Records(call.Call, call.AnsweredAt))
                .Select(record => record with { TargetLived = witness.Lived(record) })],
            Writers = await run.CountRowsAsync(cancellation),
            Sessions = [.. run.Sessions],
            Deletions = [.. Deletions(tags, ofFunctions)],
            Snapshots = [.. lab.Account.Snapshots.Changes.Entries.GroupBy(change => change.Arn).Select(changes => OnShelf(changes.Last(), tags))],
            Logins = logins,
            Invocations = [.. Invocations()],
            FinalFailures = [.. FinalFailures()],
            KnownReasons = KnownReasons(),
            Failovers = [.. lab.Account.Failovers.Accepted.Entries.Where(accepted => accepted.Forced).Select(accepted => new FailoverSeen(accepted.DatabaseId, accepted.At.Utc,
                lab.Account.Failovers.Ended.Entries.FirstOrDefault(ended => ended.Accepted == accepted)?.Truth.ServingAt?.Utc))],
            Texts = [.. await TextsAsync(cancellation)],
            Canaries = canaries,
            Stops = [.. run.Stops],
            Problems = [.. run.Problems, .. lab.Account.Endpoint.Problems.Entries],
        };
    }

    private IEnumerable<Deletion> Deletions(Dictionary<string, IReadOnlyDictionary<string, string>> tags, IEnumerable<RecordedCall> ofFunctions)
    {
        foreach (var call in ofFunctions.Where(call => call is { Action: "DeleteDBSnapshot", TookEffect: true }))
        {
            var id = call.Call.Parameters["DBSnapshotIdentifier"];
            var shelf = witness.Shelves.GetValueOrDefault((id, call.At)) ?? [];
            yield return new Deletion(id, [.. shelf.Select(snapshot => OnShelf(snapshot, tags))]);
        }
    }

    private static ShelfSnapshot OnShelf(LabSnapshot snapshot, Dictionary<string, IReadOnlyDictionary<string, string>> tags) =>
        new(snapshot.Id, snapshot.DatabaseId, Slot(tags.GetValueOrDefault(snapshot.Id)), snapshot.Status == SnapshotStatus.Available);

    private static DateTimeOffset? Slot(IReadOnlyDictionary<string, string>? tags) =>
        tags?.GetValueOrDefault("automation:managed-by") == "automation" && tags.TryGetValue("automation:slot", out var slot)
            ? DateTimeOffset.Parse(slot, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            : null;

    /// <summary>Every password of every version, and whether the current one lets its application in.</summary>
    private async Task<(IReadOnlyList<Canary> Canaries, IReadOnlyList<LastLogin> Logins)> PasswordsAsync(CancellationToken cancellation)
    {
        var (canaries, logins) = (new List<Canary>(lab.Canaries), new List<LastLogin>());
        var secrets = lab.Person.SecretsManager;
        foreach (var database in lab.Databases.Values)
        {
            var versions = await secrets.ListSecretVersionIdsAsync(new ListSecretVersionIdsRequest { SecretId = database.SecretArn, IncludeDeprecated = true }, cancellation);
            foreach (var version in versions.Versions)
            {
                GetSecretValueResponse value;
                try
                {
                    value = await secrets.GetSecretValueAsync(new GetSecretValueRequest { SecretId = database.SecretArn, VersionId = version.VersionId }, cancellation);
                }
                catch (Amazon.SecretsManager.Model.ResourceNotFoundException)
                {
                    continue; // a pending version that never got a value
                }
                var members = JsonElement.Parse(value.SecretString);
                var (user, password) = (members.GetProperty("username").GetString()!, members.GetProperty("password").GetString()!);
                if (canaries.All(canary => canary.Value != password)) canaries.Add(new Canary($"{database.Id}/{user}, version {version.VersionId}", password));
                if (version.VersionStages?.Contains("AWSCURRENT") is true) logins.Add(new LastLogin(database.Id, user, await LogInAsync(database, user, password, cancellation)));
            }
        }
        return (canaries, logins);
    }

    private static async Task<string?> LogInAsync(SoakDatabase database, string user, string password, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(database.Login(user, password).ConnectionString);
            await connection.OpenAsync(cancellation);
            return null;
        }
        catch (NpgsqlException e)
        {
            return e.Message;
        }
    }

    private IEnumerable<InvocationSeen> Invocations()
    {
        var logs = lab.Functions.Logs.Select(entry => entry.Line).Where(line => line.Contains("\"Error\"", StringComparison.OrdinalIgnoreCase)).ToList();
        return lab.Functions.Invocations.Select(entry => new InvocationSeen
        {
            Function = entry.Function,
            RequestId = entry.Result.RequestId,
            Succeeded = entry.Result.Succeeded,
            ErrorType = entry.Result.ErrorType ?? "",
            ErrorMessage = entry.Result.ErrorMessage ?? "",
            Outcomes = [.. Outcomes(entry.Result)],
            // Lambda itself reports a process that ended or ran out of time.
            FailureIsLogged = entry.Result.Report.Status is not null || logs.Exists(line => line.Contains(entry.Result.RequestId, StringComparison.Ordinal)),
        });
    }

    private static IEnumerable<OutcomeSeen> Outcomes(InvocationResult result)
    {
        if (!result.Succeeded)
        {
            // Lambda's own words, and that nobody could be told, are about no database.
            if (result.Report.Status is null && result.ErrorMessage is { } message && !message.StartsWith(Untold, StringComparison.Ordinal))
                yield return Failure().Match(message) is { Success: true } failed
                    ? new OutcomeSeen("failed", failed.Groups[1].Value, failed.Groups[2].Value)
                    : new OutcomeSeen("failed", "", message);
            yield break;
        }
        foreach (var outcome in JsonElement.Parse(result.Payload.Span).GetProperty("outcomes").EnumerateArray())
        {
            string Text(string name) => outcome.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
            yield return new OutcomeSeen(Text("decision"), Text("reason"), Text("summary"));
        }
    }

    private IEnumerable<FinalFailure> FinalFailures()
    {
        var letters = lab.Account.Bus.DeadLetters.Entries;
        foreach (var letter in letters) yield return new FinalFailure($"{letter.Delivery.TargetArn} did not handle {letter.Delivery.EventId} ({letter.Reason})", letter.QueueArn is not null);
        foreach (var delivery in lab.Account.Bus.Attempts.Entries.GroupBy(attempt => attempt.Delivery, ReferenceEqualityComparer.Instance))
        {
            if (delivery.Any(attempt => attempt.Answer.Succeeded)) continue;
            yield return new FinalFailure($"{delivery.First().Delivery.Function.LogicalId} failed {delivery.Count()} times", letters.Any(letter => ReferenceEquals(letter.Delivery, delivery.Key)));
        }
        foreach (var rotation in lab.Account.Rotations.Runs.Entries.Where(rotation => rotation.Outcome == Secrets.RotationOutcome.Failed))
        {
            var told = lab.Account.Notifications.Entries.Any(message => message.Messages.Values.Any(text => text.Contains(rotation.SecretArn, StringComparison.Ordinal)))
                || letters.Any(letter => letter.QueueArn is not null && letter.Body.Contains(rotation.SecretArn, StringComparison.Ordinal));
            yield return new FinalFailure($"a rotation of {rotation.SecretArn} failed: {rotation.Error}", told);
        }
    }

    private async Task<IEnumerable<Writing>> TextsAsync(CancellationToken cancellation)
    {
        var items = new List<Dictionary<string, AttributeValue>>();
        var scan = new ScanRequest { TableName = lab.LedgerTable, ConsistentRead = true };
        do
        {
            var page = await lab.Behind.DynamoDB.ScanAsync(scan, cancellation);
            items.AddRange(page.Items);
            scan.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (scan.ExclusiveStartKey is { Count: > 0 });
        return
        [
            // Metrics are lines of the log.
            .. lab.Functions.Logs.Select(entry => new Writing($"the log of {entry.Function}", entry.Line)),
            .. lab.Account.Notifications.Entries.Select(message => new Writing("a notification", $"{message.Subject} {string.Join(' ', message.Messages.Values)} {string.Join(' ', message.Attributes.Values)}")),
            .. items.Select(item => new Writing("an item of the ledger", string.Join(' ', item.Values.Select(value => value.S)))),
            .. lab.Databases.Values.SelectMany(database => database.Instance.Server.Log).Select(line => new Writing(ServerLog, line)),
            .. lab.Account.Bus.DeadLetters.Entries.Select(letter => new Writing("a dead letter", letter.Body)),
            .. lab.Functions.Invocations.Select(entry => new Writing($"the answer of {entry.Function}", System.Text.Encoding.UTF8.GetString(entry.Result.Payload.Span))),
        ];
    }

    /// <summary>The words in code font of the README's tables.</summary>
    private static HashSet<string> KnownReasons() =>
        [.. Repository.Read("README.md").Split('\n').Where(line => line.StartsWith('|')).SelectMany(line => Code().Matches(line).Select(match => match.Groups[1].Value))];

    // "storage failed for events: unanswered: RDS did not say …", of a rotation "aws-error: an AWS call …"
    [GeneratedRegex(@"^(?:\w+ failed for [^:]+: )?([a-z][a-z0-9-]*): (.+)", RegexOptions.Singleline)]
    private static partial Regex Failure();

    [GeneratedRegex("`([a-z][a-z0-9-]*)`")]
    private static partial Regex Code();
}
