using Automation.Lab.Failover;
using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.Lab.Setup;
using Automation.Lab.Storage;
using Automation.Lab.Tls;

namespace Automation.Lab;

/// <summary>What differs between two instances of the lab.</summary>
internal sealed record LabInstanceOptions
{
    /// <summary>The DB instance identifier.</summary>
    public required string Id { get; init; }
    public required PostgresBinaries Binaries { get; init; }
    public required LabDirectory Directory { get; init; }
    public required LabCertificateAuthority Authority { get; init; }
    public required string Region { get; init; }

    /// <summary>Who may sign tokens, as the account's IAM knows it.</summary>
    public required Func<string, GateCredential?> Credentials { get; init; }

    public int MaxConnections { get; init; } = 100;

    /// <summary>A standby in another zone; <c>null</c>: a single-AZ instance.</summary>
    public MultiAz? MultiAz { get; init; }

    /// <summary>Whether an RDS Proxy stands before it, as a second endpoint.</summary>
    public bool Proxy { get; init; }

    /// <summary>Storage whose size is enforced; <c>null</c>: it has what the machine has.</summary>
    public LabVolumeOptions? Volume { get; init; }

    /// <summary>RDS's parameter <c>rds.logical_replication</c>: logical slots can be made.</summary>
    public bool LogicalReplication { get; init; }
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
    public required TimeProvider Time { get; init; }
}
