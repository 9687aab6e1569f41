using Automation.Lab.Gate;
using Automation.Lab.Postgres;
using Automation.Lab.Setup;
using Automation.Lab.Tls;

namespace Automation.Lab.Failover;

/// <summary>What differs between two clusters of the lab.</summary>
internal sealed record LabAuroraOptions
{
    /// <summary>The cluster's identifier; its instances are this with <c>-1</c> (the first writer) and <c>-2</c>.</summary>
    public required string Id { get; init; }
    public required PostgresBinaries Binaries { get; init; }
    public required LabDirectory Directory { get; init; }
    public required LabCertificateAuthority Authority { get; init; }
    public required string Region { get; init; }

    /// <summary>Who may sign tokens, as the account's IAM knows it.</summary>
    public required Func<string, GateCredential?> Credentials { get; init; }

    /// <summary>
    /// Aurora's instances share their storage: no acknowledged row is lost, which here takes a synchronous standby.
    /// <c>false</c> shows that a lost row is noticed.
    /// </summary>
    public bool Synchronous { get; init; } = true;

    /// <inheritdoc cref="LabInstanceOptions.Proxy"/>
    public bool Proxy { get; init; }
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
    public required TimeProvider Time { get; init; }
}
