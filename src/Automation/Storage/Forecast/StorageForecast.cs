namespace Automation.Storage.Forecast;

/// <summary>When the storage of a database will be full.</summary>
internal abstract record StorageForecast
{
    private StorageForecast()
    {
    }

    /// <summary>It grows, or may.</summary>
    public sealed record Growing : StorageForecast
    {
        // Above it a fast hour is a batch job's business; under it there may be no time to find out.
        private const double LowShare = 0.2;

        private const double HoursADay = 24;

        /// <summary>Bytes an hour, over days.</summary>
        public required Estimate Slow { get; init; }

        /// <summary>Bytes an hour, of the last one; <c>null</c> unless it is steady and faster than usual.</summary>
        public required double? Fast { get; init; }

        /// <summary>
        /// Used bytes: what is typical now, between the least and the most that the range is counted from.
        /// </summary>
        public required Estimate Used { get; init; }

        /// <summary>Used bytes at the last reading.</summary>
        public required double LastUsed { get; init; }

        /// <summary>Bytes that the forecast was asked for.</summary>
        public required double Capacity { get; init; }

        /// <summary>Why the truth may lie elsewhere, sentences; empty when the forecast is certain.</summary>
        public required IReadOnlyList<string> Doubts { get; init; }

        /// <summary>Until <see cref="Capacity"/>.</summary>
        public DaysToFull DaysToFull => DaysTo(Capacity);

        /// <summary>Until another capacity: the cap of the tag, of storage autoscaling, what there will be after a growth.</summary>
        /// <param name="capacity">Bytes.</param>
        public DaysToFull DaysTo(double capacity)
        {
            var low = Days(capacity - Used.High, Slow.High);
            if (FastCounts(capacity)) low = Math.Min(low, Days(capacity - LastUsed, Fast!.Value));
            return new DaysToFull(low, Days(capacity - Used.Likely, Slow.Likely), Days(capacity - Used.Low, Slow.Low));
        }

        /// <summary>Whether the rate of the last hour shortens the range: only where less than a fifth of the capacity is free.</summary>
        public bool FastCounts(double capacity) => Fast is not null && capacity - LastUsed < LowShare * capacity;

        private static double Days(double room, double rate) => room <= 0 ? 0
            : rate <= 0 ? DaysToFull.Furthest
            : Math.Min(room / rate / HoursADay, DaysToFull.Furthest);
    }

    /// <summary>It does not grow, or so slowly that it lasts three years.</summary>
    /// <param name="Doubts">What is missing in the readings, sentences.</param>
    public sealed record NotGrowing(IReadOnlyList<string> Doubts) : StorageForecast;

    /// <summary>Nothing can be said.</summary>
    /// <param name="Why">How much there is and how much is needed, a sentence.</param>
    public sealed record Unknown(string Why) : StorageForecast;
}
