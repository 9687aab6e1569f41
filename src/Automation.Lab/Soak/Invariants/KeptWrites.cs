namespace Automation.Lab.Soak.Invariants;

/// <summary>No acknowledged write is lost: each writer's own record is held against the table.</summary>
internal static class KeptWrites
{
    public static Verdict Judge(SoakFacts facts) => new(
        "1 no acknowledged write is lost",
        [
            new(facts.Writers.Count, "writers"),
            .. facts.Writers.Select(writer => new Shown(writer.Acknowledged.Count, $"rows of {writer.Writer}")),
            new(facts.Failovers.Count(failover => failover.EndedAt is not null), "failovers under them", MayBeAbsent: true),
        ],
        [.. facts.Writers.Select(writer => (writer.Writer, Lost: writer.Acknowledged.Except(writer.Present).Count()))
            .Where(writer => writer.Lost > 0).Select(writer => $"{writer.Lost} acknowledged rows of {writer.Writer} are not there")]);
}
