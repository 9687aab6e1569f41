using Automation.Database;
using Automation.Failover;
using Automation.Fleet;

namespace Automation.Tests.Failover.Report;

/// <summary>A finished test as it could have been; a test changes what it is about.</summary>
internal static class Given
{
    public static readonly ProbeTimes Times = new();
    public static readonly TimeSpan Called = TimeSpan.FromSeconds(20), Ended = TimeSpan.FromSeconds(60);
    public static readonly ServerIdentity Former = new(new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), "10.0.1.7:5432", null, false);
    public static readonly ServerIdentity Present = new(new(2026, 11, 21, 4, 0, 19, TimeSpan.Zero), "10.0.2.9:5432", null, false);

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    public static Lane Lane(ProbePath path, ProbeClients clients) =>
        new((int)path * 2 + (int)clients, path, clients, new DatabaseEndpoint("orders-staging.cabcdefghijk.eu-central-1.rds.amazonaws.com", 5432, EndpointKind.Instance));

    /// <summary>What a lane did: each failing from and until so many seconds after the call, with an error; in between it answered.</summary>
    public static LaneJournal Journal(Lane lane, params IReadOnlyList<(double From, double To, string Error)> failing)
    {
        var attempts = new List<ProbeAttempt>();
        for (var at = TimeSpan.Zero; at < Ended;)
        {
            var after = (at - Called).TotalSeconds;
            var met = failing.FirstOrDefault(phase => after >= phase.From && after < phase.To);
            var length = TimeSpan.FromMilliseconds(met.Error == ErrorClasses.Timeout ? 500 : 2 + attempts.Count * 7 % 5);
            var good = met.Error is null;
            attempts.Add(new ProbeAttempt
            {
                Started = at,
                Ended = at + length,
                Read = good ? at + length / 2 : null,
                Wrote = good && lane.Writes ? at + length : null,
                Sequence = attempts.Count,
                Fate = !lane.Writes ? WriteFate.NotSent : good ? WriteFate.Acknowledged : WriteFate.Unknown,
                Server = !good ? null : failing.Count > 0 && after >= failing[^1].To ? Present : Former,
                Error = met.Error,
            });
            at += length > Times.Interval ? length : Times.Interval;
        }
        return new LaneJournal(lane, attempts);
    }

    public static LaneResult Result(LaneJournal journal)
    {
        var (lane, attempts) = journal;
        return new LaneResult
        {
            Lane = lane,
            Noise = NoiseRules.Of(attempts, TimeSpan.Zero, Called),
            Reads = OutageRules.Of(attempts, Operation.Read, Called, Ended),
            Writes = lane.Writes ? OutageRules.Of(attempts, Operation.Write, Called, Ended) : null,
            FirstOfNewWriter = attempts.FirstOrDefault(attempt => attempt.Server is { } server && server.IsAnother(Former))?.Ended,
        };
    }

    public static LaneResult Result(ProbePath path, ProbeClients clients, params IReadOnlyList<(double From, double To, string Error)> failing) =>
        Result(Journal(Lane(path, clients), failing));

    public static WriteCounts Writes(int lost = 0, int unknownPresent = 0, int duplicated = 0, int unexpected = 0) => new()
    {
        Acknowledged = 4711, Lost = lost, UnknownPresent = unknownPresent, UnknownAbsent = 3, Duplicated = duplicated, Unexpected = unexpected,
        FirstLost = [.. Enumerable.Range(812, lost).Select(number => $"writer, fresh #{number}")],
    };

    public static RdsDatabase Database(string id = "orders-staging") => new()
    {
        Id = id, Kind = DatabaseKind.Instance, Arn = $"arn:aws:rds:eu-central-1:123456789012:db:{id}", ResourceId = "db-ORDERS", Engine = "postgres", EngineVersion = "17.4",
        Status = "available", Host = "orders-staging.cabcdefghijk.eu-central-1.rds.amazonaws.com", Port = 5432,
        Tags = new Dictionary<string, string> { ["environment"] = "staging" }, MultiAz = true, IamAuthenticationEnabled = true,
    };

    /// <summary>A Multi-AZ instance that was away for a dozen seconds, less through its proxy.</summary>
    public static IReadOnlyList<LaneJournal> Journals =>
    [
        Journal(Lane(ProbePath.Writer, ProbeClients.Fresh), (2, 9, ErrorClasses.Timeout), (9, 10.5, ErrorClasses.Refused), (10.5, 12, "57P03")),
        Journal(Lane(ProbePath.Writer, ProbeClients.Pooled), (2, 2.2, "57P01"), (2.2, 9, ErrorClasses.Timeout), (9, 10.5, ErrorClasses.Refused), (10.5, 12, "57P03"), (12, 13.1, "25006")),
        Journal(Lane(ProbePath.Proxy, ProbeClients.Fresh), (2, 8.4, ErrorClasses.Timeout)),
        Journal(Lane(ProbePath.Proxy, ProbeClients.Pooled), (2, 2.1, ErrorClasses.Lost), (2.1, 8.4, ErrorClasses.Timeout)),
    ];

    public static FailoverReport Report(params IReadOnlyList<LaneJournal> journals)
    {
        journals = journals.Count == 0 ? Journals : journals;
        return new FailoverReport
        {
            Database = Database(),
            Target = null,
            CalledAt = new DateTimeOffset(2026, 11, 21, 4, 0, 5, TimeSpan.Zero),
            Called = Called,
            Ended = Ended,
            Times = Times,
            Budget = Seconds(60),
            Verdict = Verdict.Passed,
            Proven = true,
            Reason = Reasons.Passed,
            Sentence = "the longest downtime was 11.1 s (write, writer, pooled), the budget is 60.0 s; none of 4711 acknowledged writes was lost",
            Lanes = [.. journals.Select(Result)],
            Silent = [new SilentLane(Lane(ProbePath.Reader, ProbeClients.Fresh), ErrorClasses.Timeout)],
            Writes = Writes(unknownPresent: 1),
            Timeline =
            [
                new(TimeSpan.Zero, "the call was sent"),
                new(Seconds(0.31), "RDS accepted the call"),
                new(Seconds(2.02), "first write error (writer, fresh): timeout"),
                new(Seconds(2.51), "Multi-AZ instance failover started.", IsAnnotation: true),
                new(Seconds(8.43), "first answer of the new writer (proxy, fresh)"),
                new(Seconds(12.04), "first write answered by the new writer (writer, fresh)"),
                new(Seconds(31.9), "Multi-AZ instance failover completed.", IsAnnotation: true),
            ],
            Checks = [new(Reasons.NotStaging, true, "tag environment is 'staging'"), new(Reasons.NotAvailable, true, "status is available")],
            Trend = new Trend(9, Seconds(9.8), Seconds(11.2), Seconds(14.6), GotWorse: false),
            Advice = ["Application: 1 write is there although the client got no answer."],
            Journal = journals,
            Resolution = Times.Resolution,
        };
    }
}
