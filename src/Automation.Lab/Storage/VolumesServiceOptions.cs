using Automation.Lab.Account;
using Automation.Lab.Failover;

namespace Automation.Lab.Storage;

/// <summary>What the control plane of storage is made of.</summary>
internal sealed record VolumesServiceOptions
{
    /// <summary>Keeps the records.</summary>
    public required Uri Moto { get; init; }

    /// <summary>Has the instances' statuses, and tells events.</summary>
    public required FailoversService Failovers { get; init; }

    /// <summary>The Region whose databases have servers.</summary>
    public required string Region { get; init; }

    public required LabClock Clock { get; init; }
}
