using System.Globalization;

namespace Automation.Lab.Storage;

/// <summary>A storage type as RDS for PostgreSQL offers it ("Amazon RDS DB instance storage").</summary>
internal sealed record StorageKind
{
    /// <summary>From here on RDS stripes a gp3 volume over four, and lets IOPS and throughput be provisioned.</summary>
    public const int StripedGiB = 400;

    private const string GeneralPurpose3 = "gp3";

    /// <summary>As the API names it.</summary>
    public required string Name { get; init; }

    public required int MinGiB { get; init; }

    public required int MaxGiB { get; init; }

    /// <summary>What may be provisioned; <c>null</c>: nothing.</summary>
    public (int From, int To)? Iops { get; init; }

    /// <summary>IOPS to each GiB.</summary>
    public (double From, double To)? IopsRatio { get; init; }

    /// <summary>MiB/s that may be provisioned; <c>null</c>: nothing.</summary>
    public (int From, int To)? Throughput { get; init; }

    /// <summary>MiB/s to each of the IOPS.</summary>
    public (double From, double To)? ThroughputRatio { get; init; }

    public bool Autoscales { get; init; } = true;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<StorageKind> All { get; } =
    [
        new() { Name = "gp2", MinGiB = 20, MaxGiB = 65_536 },
        new()
        {
            Name = GeneralPurpose3, MinGiB = 20, MaxGiB = 65_536,
            Iops = (12_000, 64_000), IopsRatio = (0, 500), Throughput = (500, 4_000), ThroughputRatio = (0, 0.25),
        },
        new() { Name = "io1", MinGiB = 100, MaxGiB = 65_536, Iops = (1_000, 256_000), IopsRatio = (0.5, 50) },
        new() { Name = "io2", MinGiB = 100, MaxGiB = 65_536, Iops = (1_000, 256_000), IopsRatio = (0.5, 1_000) },
        new() { Name = "standard", MinGiB = 20, MaxGiB = 3_072, Autoscales = false },
    ];

    public static StorageKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <summary>Whether IOPS of a volume of this size are provisioned, and not what the size brings.</summary>
    public bool TakesIops(int allocatedGiB) => Iops is not null && (Name != GeneralPurpose3 || allocatedGiB >= StripedGiB);

    /// <summary>What a volume of this size has without asking, as (IOPS, MiB/s).</summary>
    public (string? Iops, string? Throughput) Baseline(int allocatedGiB) => Name != GeneralPurpose3
        ? (null, null)
        : allocatedGiB < StripedGiB ? Shown(3_000, 125) : Shown(12_000, 500);

    private static (string, string) Shown(int iops, int throughput) =>
        (iops.ToString(CultureInfo.InvariantCulture), throughput.ToString(CultureInfo.InvariantCulture));
}
