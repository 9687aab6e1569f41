using Automation.Lab.Account;
using static Automation.Lab.Soak.SoakNames;

namespace Automation.Lab.Soak;

/// <summary>What happens in a soak, and when: a function of the seed and nothing else.</summary>
internal sealed record SoakPlan
{
    /// <summary>Of every sixty seconds, so many of a kind.</summary>
    private const double Unit = 60;

    /// <summary>A failover test alone takes as long, and in less there is not enough of anything to say something about it.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(30);

    // What must not be made twice, and what everything else waits for. Each may go wrong the first time.
    private static readonly (string Service, string Action)[] Delicate =
    [
        ("rds", "CreateDBSnapshot"), ("rds", "DeleteDBSnapshot"), ("rds", "RebootDBInstance"), ("rds", "ModifyDBInstance"),
        ("secretsmanager", "PutSecretValue"), ("secretsmanager", "UpdateSecretVersionStage"), ("dynamodb", "TransactWriteItems"), ("sns", "Publish"),
    ];

    private static readonly string[] Services = ["rds", "dynamodb", "sns", "secretsmanager", "monitoring"];

    // Silence costs the whole of a client's patience, so it is rare.
    private static readonly FaultKind[] Kinds =
    [
        FaultKind.Throttle, FaultKind.Throttle, FaultKind.InternalError, FaultKind.InternalError, FaultKind.Drop,
        FaultKind.ApplyThenInternalError, FaultKind.ApplyThenInternalError, FaultKind.ApplyThenDrop, FaultKind.ApplyThenDrop, FaultKind.Silence,
    ];

    // After a failover that nobody began the test watches for minutes, as long as RDS might take.
    private static readonly FaultKind[] KindsOfFailover = [FaultKind.ApplyThenInternalError, FaultKind.ApplyThenDrop, FaultKind.ApplyThenInternalError, FaultKind.ApplyThenDrop, FaultKind.Throttle];

    public required int Seed { get; init; }

    public required TimeSpan Length { get; init; }

    /// <summary>What happens to events on their way.</summary>
    public required DeliveryFaults Deliveries { get; init; }

    /// <summary>By time.</summary>
    public required IReadOnlyList<SoakStep> Steps { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">Shorter than <see cref="Shortest"/>.</exception>
    public static SoakPlan Of(int seed, TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, Shortest);
        var random = new Random(seed);
        return new SoakPlan
        {
            Seed = seed,
            Length = length,
            Deliveries = new DeliveryFaults
            {
                Lost = Between(random, 0.02, 0.10),
                Duplicated = Between(random, 0.3, 0.6),
                Delayed = Between(random, 0.1, 0.3),
                Overtaken = Between(random, 0.05, 0.2),
                HandOverRefused = Between(random, 0.05, 0.15),
            },
            Steps = [.. Incidents(random, length).Concat(Faults(random, length)).Concat(Switches(random, length)).OrderBy(step => step.At)],
        };
    }

    private static List<SoakStep> Incidents(Random random, TimeSpan length)
    {
        List<SoakStep> steps = [];
        void Add(int count, Func<TimeSpan, int, SoakStep> make) => steps.AddRange(Times(random, length, count).Select(make));

        var first = random.Next(2);
        Add(5, (at, n) => new SoakStep.Storm(at, (n + first) % 2 == 0 ? Orders : Billing, random.Next(15, 19), random.Next(1, 3)));
        Add(4, (at, n) => new SoakStep.Shelf(at, n % 2 == 0 ? Orders : Billing, PastHours(random), random.Next(2) == 0, Held: n < 2));
        Add(4, (at, _) => new SoakStep.Schedule(at, Take));
        Add(6, (at, _) => new SoakStep.Schedule(at, Reconcile));
        Add(2, (at, n) => new SoakStep.FailingSnapshot(at, n % 2 == first ? Orders : Billing));
        Add(5, (at, n) => new SoakStep.Rotation(at, n % 3 == 2 ? Trial : Billing));
        // Early: a test takes ten seconds of baseline before it does anything.
        steps.Add(new SoakStep.Schedule(Between(random, 0.02, 0.10) * length, SoakNames.Failover));
        // And again, because a test that finds no quiet moment stops before it has done anything.
        Add(3, (at, _) => new SoakStep.FailoversByHand(at, random.Next(2, 4)));
        // With the WAL of a slot not more than there is room for: what the automation may refuse to grow must not be its fault.
        Add(2, (at, n) => new SoakStep.Fill(at, n == 0 ? 3 : 1));
        Add(1, (at, _) => new SoakStep.AbandonedSlot(at, TimeSpan.FromSeconds(random.Next(6, 12))));
        Add(3, (at, _) => new SoakStep.StorageEvent(at, random.Next(2) == 0 ? "rds-storage-0089" : "rds-storage-0222"));
        Add(3, (at, _) => new SoakStep.Schedule(at, Grow));
        Add(1, (at, _) => new SoakStep.Schedule(at, Forecast));
        return steps;
    }

    private static List<SoakStep> Faults(Random random, TimeSpan length)
    {
        List<SoakStep> steps = [];
        foreach (var (service, action) in Delicate)
        {
            var kinds = action == "RebootDBInstance" ? KindsOfFailover : Kinds[..^1];
            var (kind, after, wanted) = (kinds[random.Next(kinds.Length)], random.Next(2), random.Next(4) > 0);
            // These come once.
            if (action is "RebootDBInstance" or "ModifyDBInstance") after = 0;
            if (wanted) steps.Add(new SoakStep.CallFault(TimeSpan.Zero, new Fault { Kind = kind, Service = service, Action = action, After = after }));
        }
        foreach (var at in Times(random, length, 12))
            steps.Add(new SoakStep.CallFault(at, new Fault { Kind = Kinds[random.Next(Kinds.Length)], Service = Services[random.Next(Services.Length)], Times = random.Next(1, 4) }));
        foreach (var at in Times(random, length, 2)) steps.Add(new SoakStep.LedgerAway(at, Between(random, 1.5, 4) * TimeSpan.FromSeconds(1)));
        foreach (var at in Times(random, length, 5)) steps.Add(new SoakStep.KilledFunction(at, Acting[random.Next(Acting.Length)]));
        return steps;
    }

    /// <summary>The kill switch, and enough that has to obey it while it is thrown.</summary>
    private static List<SoakStep> Switches(Random random, TimeSpan length)
    {
        List<SoakStep> steps = [];
        var windows = Scaled(length, 1);
        for (var n = 0; n < windows; n++)
        {
            var (at, lasts) = ((n + Between(random, 0.45, 0.75)) / windows * length, Between(random, 6, 9) * TimeSpan.FromSeconds(1));
            var (soon, database) = (lasts / 10, random.Next(2) == 0 ? Orders : Billing);
            steps.Add(new SoakStep.SwitchThrown(at, lasts, new SoakStep.Storm(at, database, random.Next(15, 19), 1),
            [
                // What their events set off finds something to delete.
                new SoakStep.Shelf(TimeSpan.Zero, Orders, PastHours(random), Manual: false, Held: false),
                new SoakStep.Shelf(TimeSpan.Zero, Billing, PastHours(random), Manual: false, Held: false),
                new SoakStep.Schedule(soon, Take),
                new SoakStep.Schedule(soon, Reconcile),
                new SoakStep.Schedule(soon, Grow),
                new SoakStep.Rotation(soon, Billing),
                new SoakStep.Rotation(soon, Trial),
                // One that comes when most have been refused already.
                new SoakStep.Schedule(lasts / 2, Reconcile),
            ]));
        }
        return steps;
    }

    private static int[] PastHours(Random random) => [.. Enumerable.Range(0, 3).Select(_ => random.Next(1, 80)).Distinct()];

    /// <summary>So many times for every sixty seconds, at least one, each somewhere in a stretch of its own.</summary>
    private static IEnumerable<TimeSpan> Times(Random random, TimeSpan length, int count)
    {
        var scaled = Scaled(length, count);
        return [.. Enumerable.Range(0, scaled).Select(n => (n + random.NextDouble()) / scaled * length)];
    }

    private static int Scaled(TimeSpan length, int count) => Math.Max(1, (int)Math.Round(count * length.TotalSeconds / Unit));

    private static double Between(Random random, double low, double high) => low + random.NextDouble() * (high - low);
}
