using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.SecretsManager.Model;
using Automation.Lab.Account;
using Automation.Lab.Setup;
using Automation.Lab.Snapshots;
using Npgsql;

namespace Automation.Lab.Soak;

/// <summary>Gathers, when everything is over, what the lab's parts know.</summary>
internal sealed partial class SoakEvidence(SoakLab lab, SoakWitness witness, SoakRun run)
{
    public const string ServerLog = "a server's log";

    public async Task<SoakFacts> GatherAsync(CancellationToken cancellation)
    {
        var calls = lab.Account.Endpoint.Calls.Entries;
        var ofFunctions = calls.Where(call => lab.Functions.Keys.Contains(call.Call.AccessKeyId)).ToList();
        // A name may come again when its snapshot is gone.
        var tags = calls.Where(call => call is { Action: "CreateDBSnapshot", TookEffect: true }).GroupBy(call => call.Call.Parameters["DBSnapshotIdentifier"])
            .ToDictionary(named => named.Key, named => SoakCalls.Tags(named.Last().Call));
        var answers = new SoakAnswers(lab);
        var (canaries, logins) = await PasswordsAsync(cancellation);
        return new SoakFacts
        {
            Calls = [.. ofFunctions.Select(SoakCalls.Mutation).OfType<MutatingCall>()],
            Actions = [.. ofFunctions.Where(call => call.TookEffect).SelectMany(call => SoakCalls.Records(call.Call, call.AnsweredAt))
                .Select(record => record with { TargetLived = witness.Lived(record) })],
            Writers = await run.CountRowsAsync(cancellation),
            Sessions = [.. run.Incidents.Sessions],
            Deletions = [.. Deletions(tags, ofFunctions)],
            Snapshots = [.. lab.Account.Snapshots.Changes.Entries.GroupBy(change => change.Arn).Select(changes => OnShelf(changes.Last(), tags))],
            Logins = logins,
            Invocations = [.. answers.Invocations()],
            FinalFailures = [.. answers.FinalFailures()],
            KnownReasons = KnownReasons(),
            Failovers = [.. lab.Account.Failovers.Accepted.Entries.Where(accepted => accepted.Forced).Select(accepted => new FailoverSeen(accepted.DatabaseId, accepted.At.Utc,
                lab.Account.Failovers.Ended.Entries.FirstOrDefault(ended => ended.Accepted == accepted)?.Truth.ServingAt?.Utc))],
            Texts = [.. await new SoakTexts(lab).ReadAsync(cancellation)],
            Canaries = canaries,
            Stops = [.. run.Incidents.Stops],
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

    /// <summary>The words in code font of the README's tables.</summary>
    private static HashSet<string> KnownReasons() =>
        [.. Repository.Read("README.md").Split('\n').Where(line => line.StartsWith('|')).SelectMany(line => Code().Matches(line).Select(match => match.Groups[1].Value))];

    [GeneratedRegex("`([a-z][a-z0-9-]*)`")]
    private static partial Regex Code();
}
