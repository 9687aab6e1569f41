using Automation.Fleet;
using Automation.Outcomes;

namespace Automation.Storage;

/// <summary>Whether a database asks to be looked after, and how far.</summary>
internal abstract record StorageGate
{
    private StorageGate()
    {
    }

    public sealed record Open(StoragePolicy Policy, Mode Mode) : StorageGate;

    /// <summary>It asks for something that is not done.</summary>
    public sealed record Refused(string Reason, string Sentence) : StorageGate;

    /// <summary>It does not ask: no tag, or off.</summary>
    public sealed record NotAsked(string Reason, string Sentence) : StorageGate;

    /// <param name="database">Which.</param>
    /// <param name="mode">The function's, or a weaker one that was asked for.</param>
    /// <param name="tag">The name of the tag that opts in.</param>
    public static StorageGate Of(RdsDatabase database, Mode mode, string tag)
    {
        if (!database.Tags.TryGetValue(tag, out var value)) return new NotAsked(Reasons.NotOptedIn, $"no tag {tag}: not touched");
        if (database.Engine is not ("postgres" or "aurora-postgresql")) return new Refused(Reasons.NotPostgresql, $"engine {database.Engine} is not looked after");
        var policy = StoragePolicy.Read(value, out var fault);
        if (fault is not null) return new Refused(Reasons.MalformedTag, $"tag {tag}: '{fault.Word}' {fault.Why}");
        if (policy.Mode == Mode.Off) return new NotAsked(Reasons.Off, $"tag {tag} is off");
        return new Open(policy, mode < policy.Mode ? mode : policy.Mode);
    }
}
