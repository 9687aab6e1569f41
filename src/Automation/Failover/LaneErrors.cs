namespace Automation.Failover;

/// <summary>Reading a lane's result as a whole: what a client of it met, whichever the operation.</summary>
internal static class LaneErrors
{
    extension(LaneResult result)
    {
        /// <summary>Whether it answered again when the watching ended.</summary>
        public bool Recovered => result.Reads.Recovered && result.Writes is null or { Recovered: true };

        /// <summary>The longer of read and write downtime.</summary>
        public TimeSpan Down => result.Writes is { } writes && writes.Down > result.Reads.Down ? writes.Down : result.Reads.Down;

        /// <summary>The operation that failed first; <c>null</c> when none did.</summary>
        public Outage? FirstFailing => new[] { result.Writes, result.Reads }.Where(outage => outage?.FirstFailure is not null).MinBy(outage => outage!.FirstFailure);

        /// <summary>What was met, writes before reads, the longest first.</summary>
        public IEnumerable<(Operation Operation, string Error, TimeSpan Spent)> Errors => new[] { (Operation.Write, result.Writes), (Operation.Read, (Outage?)result.Reads) }
            .SelectMany(line => (line.Item2?.ByError ?? new Dictionary<string, TimeSpan>())
                .OrderByDescending(error => error.Value).ThenBy(error => error.Key, StringComparer.Ordinal)
                .Select(error => (line.Item1, error.Key, error.Value)));
    }
}
