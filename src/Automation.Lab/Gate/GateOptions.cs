using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Automation.Lab.Gate;

/// <summary>One endpoint of the lab's account.</summary>
internal sealed record GateOptions
{
    public required GateKind Kind { get; init; }

    /// <summary>Where to listen; port 0 takes a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>The endpoint's name as RDS would return it: IAM tokens must be made for it.</summary>
    public required string PublicHost { get; init; }

    /// <summary>The port IAM tokens must be made for; by default the one listened on.</summary>
    public int? PublicPort { get; init; }

    /// <summary>Server certificate with its private key, issued for <see cref="PublicHost"/>.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>PostgreSQL on a loopback address, without TLS. It trusts members of <c>rds_iam</c>, and nobody else.</summary>
    public required IPEndPoint Backend { get; init; }

    /// <summary>
    /// Whether a role is a member of <c>rds_iam</c> and so logs in with a token. May fail: then an instance's endpoint lets
    /// nobody in and passes only the backend's own refusal (57P03, 53300) on, and a proxy lets the client wait and asks
    /// again. <see cref="RdsIamRoles.ContainsAsync"/> asks the backend.
    /// </summary>
    public required Func<string, CancellationToken, ValueTask<bool>> IsIamUser { get; init; }

    /// <summary>The credential behind an access key id as this endpoint's account knows it; <c>null</c> when unknown.</summary>
    public required Func<string, GateCredential?> Credentials { get; init; }

    public required string Region { get; init; }

    /// <summary>Slots kept for some; <c>null</c> where the server keeps them itself.</summary>
    public SlotReserve? Reserve { get; init; }

    /// <summary>How long a proxy lets a client wait for a writer before it gives up; RDS Proxy's default.</summary>
    public TimeSpan BorrowTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The lab's log. Called on the connection's own task; never given a token or a password.</summary>
    public Action<GateEvent>? OnEvent { get; init; }

    public required TimeProvider Time { get; init; }
}
