using System.Globalization;
using Automation.Lab.Account;
using Automation.Lab.Secrets;
using Automation.Lab.Setup;
using Automation.Lab.Snapshots;
using Npgsql;

namespace Automation.Lab.Soak;

/// <summary>Gathers, when everything is over, what the lab's parts know.</summary>
internal sealed class SoakEvidence(SoakLab lab, SoakWitness witness, SoakRun run)
{
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
                .Select(record => record with { Untouched = witness.Untouched(record) })],
            Writers = await run.CountRowsAsync(cancellation),
            Sessions = [.. run.Incidents.Sessions],
            Deletions = [.. Deletions(tags, ofFunctions)],
            Snapshots = [.. lab.Account.Snapshots.Changes.Entries.GroupBy(change => change.Arn).Select(changes => OnShelf(changes.Last(), tags))],
            Logins = logins,
            Attempts = [.. run.Logins],
            EndedEarlier = lab.EndedEarlier,
            Invocations = [.. lab.Functions.Seen()],
            FinalFailures = [.. FinalFailures()],
            KnownReasons = ReadmeReasons.Of(Repository.Read("README.md")),
            Failovers = [.. lab.Account.Failovers.Accepted.Entries.Where(accepted => accepted.Forced).Select(accepted => new FailoverSeen(accepted.DatabaseId, accepted.At.Utc,
                lab.Account.Failovers.Ended.Entries.FirstOrDefault(ended => ended.Accepted == accepted)?.Truth.ServingAt?.Utc))],
            Texts = [.. await new SoakTexts(lab).ReadAsync(cancellation)],
            Canaries = canaries,
            Stops = [.. run.Incidents.Stops],
            Problems = [.. run.Problems, .. lab.Account.Endpoint.Problems.Entries],
        };
    }

    private IEnumerable<FinalFailure> FinalFailures()
    {
        var bus = lab.Account.Bus;
        return SoakAnswers.OfEvents(bus.DeadLetters.Entries, bus.Attempts.Entries).Concat(SoakAnswers.OfRotations(
            lab.Account.Rotations.Runs.Entries,
            [.. lab.Account.Notifications.Entries.SelectMany(message => message.Messages.Values)],
            [.. bus.DeadLetters.Entries.Where(letter => letter.QueueArn is not null).Select(letter => letter.Body), .. bus.Lost.Entries.Select(delivery => delivery.Event)]));
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
        new(snapshot.Id, snapshot.DatabaseId, Slot(tags.GetValueOrDefault(snapshot.Id)), snapshot.Status == SnapshotStatus.Available,
            tags.GetValueOrDefault(snapshot.Id)?.ContainsKey(SoakPeople.Hold) is true);

    private static DateTimeOffset? Slot(IReadOnlyDictionary<string, string>? tags) =>
        tags?.GetValueOrDefault("automation:managed-by") == "automation" && tags.TryGetValue("automation:slot", out var slot)
            ? DateTimeOffset.Parse(slot, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            : null;

    /// <summary>Every password of every version, and whether the current one lets its application in.</summary>
    private async Task<(IReadOnlyList<Canary> Canaries, IReadOnlyList<LastLogin> Logins)> PasswordsAsync(CancellationToken cancellation)
    {
        var (canaries, logins) = (new List<Canary>([.. lab.Canaries, .. SoakFunctions.Canaries]), new List<LastLogin>());
        foreach (var database in lab.Databases.Values)
        {
            foreach (var (id, user, password, isCurrent) in await SecretVersions.AllAsync(lab.Person.SecretsManager, database.SecretArn, cancellation))
            {
                if (canaries.All(canary => canary.Value != password)) canaries.Add(new Canary($"the password of {database.Id}/{user}, version {id}", password));
                if (isCurrent) logins.Add(new LastLogin(database.Id, user, await LogInAsync(database, user, password, cancellation)));
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
}
