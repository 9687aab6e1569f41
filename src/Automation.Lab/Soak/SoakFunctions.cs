using System.Collections.Concurrent;
using Automation.Lab.Account;
using Automation.Lab.Gate;
using Automation.Lab.Lambda;
using Automation.Lab.Template;

namespace Automation.Lab.Soak;

/// <summary>
/// The functions, each in two execution environments, so that events meet as they do in Lambda. Every environment signs with a key of
/// its own: whose call it is can be told.
/// </summary>
internal sealed class SoakFunctions : IFunctionInvoker, IAsyncDisposable
{
    private const int Environments = 2;

    // Of a dozen processes that start beside four servers on a small machine, none is to blame for being slow.
    private static readonly TimeSpan InitTimeout = TimeSpan.FromSeconds(60);
    /// <summary>What every signature of an IAM token follows.</summary>
    public const string SignatureLabel = "X-Amz-Signature=";

    private const string KeyPrefix = "ASIASOAK", SecretKey = "lab/function/secret/not/a/real/one", SessionToken = "lab-session-token";
    private readonly List<FunctionFleet> fleets = [];
    private readonly Dictionary<(string Function, int Fleet), int> underway = [];
    private readonly ConcurrentQueue<(string Function, int Fleet, DateTimeOffset At)> kills = [];
    private readonly Lock gate = new();

    private SoakFunctions(IEnumerable<string> functions) =>
        Keys = functions.SelectMany(function => Enumerable.Range(0, Environments).Select(fleet => KeyOf(function, fleet))).ToHashSet();

    /// <summary>The access keys of all of them.</summary>
    public IReadOnlySet<string> Keys { get; }

    public IEnumerable<(string Function, string Line)> Logs => fleets.SelectMany(fleet => fleet.Logs.Entries);

    public IEnumerable<(string Function, InvocationResult Result)> Invocations => fleets.SelectMany(fleet => fleet.Invocations.Entries);

    /// <summary>Processes that were killed, in the middle of an invocation or after it.</summary>
    public int Kills => kills.Count;

    /// <summary>How each ended; a process does one thing at a time, so that who was killed can be told.</summary>
    public IEnumerable<InvocationSeen> Seen()
    {
        foreach (var (number, fleet) in fleets.Index())
        {
            var logs = fleet.Logs.Entries.ToLookup(entry => entry.Function, entry => entry.Line);
            foreach (var (function, result) in fleet.Invocations.Entries)
                yield return SoakAnswers.Invocation(function, result, logs[function],
                    kills.Any(kill => kill.Function == function && kill.Fleet == number && kill.At >= result.BegunAt && kill.At <= result.At));
        }
    }

    /// <summary>What has begun since then and ended; of their logs nothing is read.</summary>
    public IReadOnlyList<InvocationSeen> BegunSince(DateTimeOffset time) =>
        [.. Invocations.Where(one => one.Result.BegunAt >= time).Select(one => SoakAnswers.Invocation(one.Function, one.Result, [], wasKilled: false))];

    public static async Task<SoakFunctions> StartAsync(LabAccount account, string executable, TemplateInputs inputs, CancellationToken cancellation)
    {
        var functions = new SoakFunctions(account.Template.Functions.Select(function => function.LogicalId));
        for (var fleet = 0; fleet < Environments; fleet++)
        {
            var number = fleet;
            functions.fleets.Add(await FunctionFleet.StartAsync(account, executable, inputs,
                function => new FunctionCredentials(KeyOf(function, number), SecretKey, SessionToken), new Dictionary<string, string>(), cancellation, InitTimeout));
        }
        return functions;
    }

    /// <summary>What the functions sign with, and what they log in with.</summary>
    public static IReadOnlyList<Canary> Canaries { get; } =
        [new("a secret access key", SecretKey), new("a session token", SessionToken), new("the signature of an IAM token", SignatureLabel)];

    /// <summary>What the databases' IAM knows of the functions' keys.</summary>
    public static GateCredential? CredentialOf(string key) => key.StartsWith(KeyPrefix, StringComparison.Ordinal)
        ? new GateCredential { SecretAccessKey = SecretKey, SessionToken = SessionToken, ConnectAs = new HashSet<string> { LabInstance.AutomationUser } }
        : null;

    public Task<FunctionAnswer> InvokeAsync(string functionLogicalId, ReadOnlyMemory<byte> payload, CancellationToken cancellation) =>
        InvokeAsync(functionLogicalId, payload, Guid.NewGuid().ToString(), cancellation);

    public async Task<FunctionAnswer> InvokeAsync(
        string functionLogicalId, ReadOnlyMemory<byte> payload, string requestId, CancellationToken cancellation)
    {
        int fleet;
        lock (gate)
        {
            fleet = Enumerable.Range(0, Environments).MinBy(number => underway.GetValueOrDefault((functionLogicalId, number)));
            underway[(functionLogicalId, fleet)] = underway.GetValueOrDefault((functionLogicalId, fleet)) + 1;
        }
        try
        {
            return await fleets[fleet].InvokeAsync(functionLogicalId, payload, requestId, cancellation);
        }
        finally
        {
            lock (gate) underway[(functionLogicalId, fleet)]--;
        }
    }

    /// <summary>Kills the process that has just called with this key, if it is one of this function.</summary>
    /// <returns>Whether it was.</returns>
    public bool Kill(string functionLogicalId, string accessKeyId)
    {
        var fleet = Enumerable.Range(0, Environments).FirstOrDefault(number => KeyOf(functionLogicalId, number) == accessKeyId, -1);
        if (fleet < 0) return false;
        kills.Enqueue((functionLogicalId, fleet, DateTimeOffset.UtcNow));
        fleets[fleet].Kill(functionLogicalId);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var fleet in fleets) await fleet.DisposeAsync();
    }

    private static string KeyOf(string function, int fleet) => $"{KeyPrefix}{fleet}{function.ToUpperInvariant()}";
}
