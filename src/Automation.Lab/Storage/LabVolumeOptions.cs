namespace Automation.Lab.Storage;

/// <summary>A DB instance's storage, as RDS is asked for it.</summary>
internal sealed record LabVolumeOptions
{
    public required int AllocatedGiB { get; init; }

    /// <summary><c>gp2</c>, <c>gp3</c>, <c>io1</c>, <c>io2</c> or <c>standard</c>.</summary>
    public string StorageType { get; init; } = "gp3";

    /// <summary>Provisioned; <c>null</c>: what the type and size bring.</summary>
    public int? Iops { get; init; }

    /// <summary>MiB/s, provisioned (gp3); <c>null</c>: what the type and size bring.</summary>
    public int? Throughput { get; init; }

    /// <summary>Up to where RDS grows it by itself; <c>null</c>: it does not.</summary>
    public int? MaxAllocatedGiB { get; init; }
}
