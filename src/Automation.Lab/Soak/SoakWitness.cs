using System.Collections.Concurrent;
using Automation.Lab.Account;
using Automation.Lab.Secrets;
using Npgsql;

namespace Automation.Lab.Soak;

/// <summary>
/// Stands at the endpoint: notes what is true at the moment of a call, and does what must happen at that very moment (a client comes
/// back to work, a function is killed).
/// </summary>
internal sealed class SoakWitness
{
    private static readonly string[] Services = ["rds", "dynamodb", "sns", "secretsmanager", "monitoring"];
    private readonly SoakLab lab;
    private readonly ConcurrentDictionary<SoakStorm, bool> storms = new();
    private readonly ConcurrentDictionary<(string Key, DateTimeOffset At), bool> untouched = new();
    private readonly ConcurrentQueue<string> condemned = new();

    public SoakWitness(SoakLab lab)
    {
        this.lab = lab;
        var endpoint = lab.Account.Endpoint;
        foreach (var service in Services) endpoint.Before(service, null, KillAsync);
        endpoint.Before("dynamodb", "TransactWriteItems", LookAtTargetsAsync);
        endpoint.Before("rds", "DeleteDBSnapshot", LookAtShelfAsync);
    }

    /// <summary>What stood on the shelf when a deletion was asked for, by the time of the call.</summary>
    public ConcurrentDictionary<(string Id, DateTimeOffset At), IReadOnlyList<Snapshots.LabSnapshot>> Shelves { get; } = new();

    public void Add(SoakStorm storm) => storms[storm] = true;

    public void Remove(SoakStorm storm) => storms.TryRemove(storm, out _);

    /// <summary>Has a function killed at its next call.</summary>
    public void Condemn(string function) => condemned.Enqueue(function);

    /// <summary>Whoever was not killed yet lives.</summary>
    public void Pardon() => condemned.Clear();

    /// <summary>Whether nothing had happened to the target of a record when it arrived; <c>null</c> when nobody could look.</summary>
    public bool? Untouched(ActionWritten record) => untouched.TryGetValue((record.Key, record.At), out var was) ? was : null;

    private ValueTask<AwsAnswer?> KillAsync(AwsCall call, CancellationToken cancellation)
    {
        for (var left = condemned.Count; left > 0 && condemned.TryDequeue(out var function); left--)
        {
            if (!lab.Functions.Kill(function, call.AccessKeyId)) condemned.Enqueue(function);
        }
        return ValueTask.FromResult<AwsAnswer?>(null);
    }

    private async ValueTask<AwsAnswer?> LookAtTargetsAsync(AwsCall call, CancellationToken cancellation)
    {
        foreach (var record in SoakCalls.Records(call, call.At))
        {
            foreach (var storm in storms.Keys.Where(storm => record.Action == "terminate-session" && storm.Database == record.Database))
            {
                if (await storm.ChosenAsync(record.Key, cancellation) is { } alive) untouched[(record.Key, record.At)] = alive;
            }
            if (record.SetsPassword && await HasPasswordAsync(record, cancellation) is { } has) untouched[(record.Key, record.At)] = !has;
        }
        return null;
    }

    /// <summary>Whether the role has the password of the record's version already.</summary>
    private async Task<bool?> HasPasswordAsync(ActionWritten record, CancellationToken cancellation)
    {
        if (!lab.Databases.TryGetValue(record.Database, out var database)) return null;
        try
        {
            if (await SecretVersions.FindAsync(lab.Person.SecretsManager, database.SecretArn, record.Key, cancellation) is not { } version) return null;
            var kept = await database.Instance.QueryAsync($"SELECT rolpassword FROM pg_authid WHERE rolname = '{version.User}'", cancellation);
            return ScramProof.Has(kept[0][0], version.Password);
        }
        catch (NpgsqlException)
        {
            // It fails over at this moment.
            return null;
        }
    }

    private ValueTask<AwsAnswer?> LookAtShelfAsync(AwsCall call, CancellationToken cancellation)
    {
        Shelves[(call.Parameters.GetValueOrDefault("DBSnapshotIdentifier") ?? "", call.At)] = lab.Account.Snapshots.All;
        return ValueTask.FromResult<AwsAnswer?>(null);
    }
}
