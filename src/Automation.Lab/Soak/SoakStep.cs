using System.Globalization;
using Automation.Lab.Account;

namespace Automation.Lab.Soak;

/// <summary>Something that happens at a time of the soak.</summary>
/// <param name="At">Since its beginning.</param>
internal abstract record SoakStep(TimeSpan At)
{
    /// <summary>For people, without the time.</summary>
    public abstract string What { get; }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    /// <summary>Sessions take most slots, and an alarm says so.</summary>
    /// <param name="At">When.</param>
    /// <param name="Database">Where.</param>
    /// <param name="Sessions">That do nothing.</param>
    /// <param name="Returning">How many clients go back to work at the very moment at which their session is chosen.</param>
    public sealed record Storm(TimeSpan At, string Database, int Sessions, int Returning) : SoakStep(At)
    {
        public override string What => $"storm of {Sessions} idle sessions on {Database}, {Returning} come back to work when they are chosen";
    }

    /// <summary>A schedule of the template comes.</summary>
    public sealed record Schedule(TimeSpan At, string Function) : SoakStep(At)
    {
        public override string What => $"schedule of {Function}";
    }

    /// <summary>Snapshots of earlier slots are there, as if the stack had run for long, and perhaps one that a person made.</summary>
    /// <param name="At">When.</param>
    /// <param name="Database">Whose.</param>
    /// <param name="HoursAgo">Their slots.</param>
    /// <param name="Manual">Whether a person makes one too.</param>
    /// <param name="Held">Whether a person holds the oldest of them.</param>
    public sealed record Shelf(TimeSpan At, string Database, IReadOnlyList<int> HoursAgo, bool Manual, bool Held) : SoakStep(At)
    {
        public override string What => $"snapshots of {Database} of {string.Join(", ", HoursAgo)} hours ago{(Held ? ", the oldest held" : "")}{(Manual ? ", and a manual one" : "")}";
    }

    /// <summary>RDS fails to make the next snapshot.</summary>
    public sealed record FailingSnapshot(TimeSpan At, string Database) : SoakStep(At)
    {
        public override string What => $"the next snapshot of {Database} fails";
    }

    /// <summary>A person asks for the rotation of a database's secret.</summary>
    public sealed record Rotation(TimeSpan At, string Database) : SoakStep(At)
    {
        public override string What => $"rotation of the secret of {Database}";
    }

    /// <summary>People ask for failover tests, all at once.</summary>
    public sealed record FailoversByHand(TimeSpan At, int Count) : SoakStep(At)
    {
        public override string What => $"{Count} failover tests by hand, at once";
    }

    /// <summary>A bulk load.</summary>
    public sealed record Fill(TimeSpan At, int GiB) : SoakStep(At)
    {
        public override string What => $"{GiB} GiB of data arrive";
    }

    /// <summary>WAL that nobody reads, until a person drops the slot.</summary>
    public sealed record AbandonedSlot(TimeSpan At, TimeSpan For) : SoakStep(At)
    {
        public override string What => $"an abandoned slot keeps WAL for {Seconds(For)}";
    }

    /// <summary>A payload of <c>events/</c> comes, about the database whose disk fills.</summary>
    public sealed record StorageEvent(TimeSpan At, string File) : SoakStep(At)
    {
        public override string What => $"events/{File}.json";
    }

    /// <summary>Calls to AWS go wrong.</summary>
    public sealed record CallFault(TimeSpan At, Fault Fault) : SoakStep(At)
    {
        public override string What => $"{Fault.Kind} x{Fault.Times} on {Fault.Service} {Fault.Action}".TrimEnd();
    }

    /// <summary>DynamoDB answers nothing but errors.</summary>
    public sealed record LedgerAway(TimeSpan At, TimeSpan For) : SoakStep(At)
    {
        public override string What => $"the ledger is away for {Seconds(For)}";
    }

    /// <summary>A function's process is killed at its next call to AWS.</summary>
    public sealed record KilledFunction(TimeSpan At, string Function) : SoakStep(At)
    {
        public override string What => $"{Function} is killed at its next call";
    }

    /// <summary>A person throws the kill switch in the middle of a storm, right before its alarm, and lifts it again.</summary>
    /// <param name="At">When the storm comes, at the earliest: it waits for its turn.</param>
    /// <param name="For">How long the switch is thrown at least.</param>
    /// <param name="During">The storm.</param>
    /// <param name="Meanwhile">What comes while it is thrown, each since then.</param>
    public sealed record SwitchThrown(TimeSpan At, TimeSpan For, Storm During, IReadOnlyList<SoakStep> Meanwhile) : SoakStep(At)
    {
        public override string What =>
            $"{During.What}; before its alarm the kill switch is thrown for {Seconds(For)} or more, and then come: {string.Join("; ", Meanwhile.Select(step => step.What))}";
    }
}
