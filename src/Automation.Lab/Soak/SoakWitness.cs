using System.Collections.Concurrent;
using Automation.Lab.Account;

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
    private readonly ConcurrentDictionary<(string Key, DateTimeOffset At), bool> lived = new();
    private readonly ConcurrentQueue<string> condemned = new();
    private int killed;

    public SoakWitness(SoakLab lab)
    {
        this.lab = lab;
        var endpoint = lab.Account.Endpoint;
        foreach (var service in Services) endpoint.Before(service, null, KillAsync);
        endpoint.Before("dynamodb", "TransactWriteItems", LookAtSessionsAsync);
        endpoint.Before("rds", "DeleteDBSnapshot", LookAtShelfAsync);
    }

    /// <summary>What stood on the shelf when a deletion was asked for, by the time of the call.</summary>
    public ConcurrentDictionary<(string Id, DateTimeOffset At), IReadOnlyList<Snapshots.LabSnapshot>> Shelves { get; } = new();

    /// <summary>Processes that were killed in the middle of an invocation.</summary>
    public int Killed => killed;

    public void Add(SoakStorm storm) => storms[storm] = true;

    public void Remove(SoakStorm storm) => storms.TryRemove(storm, out _);

    /// <summary>Has a function killed at its next call.</summary>
    public void Condemn(string function) => condemned.Enqueue(function);

    /// <summary>Whoever was not killed yet lives.</summary>
    public void Pardon() => condemned.Clear();

    /// <summary>Whether the session of a record lived when the record arrived; <c>null</c> when nobody looked.</summary>
    public bool? Lived(ActionWritten record) => lived.TryGetValue((record.Key, record.At), out var alive) ? alive : null;

    private ValueTask<AwsAnswer?> KillAsync(AwsCall call, CancellationToken cancellation)
    {
        for (var left = condemned.Count; left > 0 && condemned.TryDequeue(out var function); left--)
        {
            if (lab.Functions.Kill(function, call.AccessKeyId)) Interlocked.Increment(ref killed);
            else condemned.Enqueue(function);
        }
        return ValueTask.FromResult<AwsAnswer?>(null);
    }

    private async ValueTask<AwsAnswer?> LookAtSessionsAsync(AwsCall call, CancellationToken cancellation)
    {
        foreach (var record in SoakCalls.Records(call, call.At).Where(record => record.Action == "terminate-session"))
        {
            foreach (var storm in storms.Keys.Where(storm => storm.Database == record.Database))
            {
                if (await storm.ChosenAsync(record.Key, cancellation) is { } alive) lived[(record.Key, record.At)] = alive;
            }
        }
        return null;
    }

    private ValueTask<AwsAnswer?> LookAtShelfAsync(AwsCall call, CancellationToken cancellation)
    {
        Shelves[(call.Parameters.GetValueOrDefault("DBSnapshotIdentifier") ?? "", call.At)] = lab.Account.Snapshots.All;
        return ValueTask.FromResult<AwsAnswer?>(null);
    }
}
