using Automation.Lab.Setup;
using Automation.Lab.Tls;

namespace Automation.Lab.Postgres;

/// <summary>One database server of the lab.</summary>
internal sealed record PostgresServerOptions
{
    /// <summary>Names its folder below <see cref="Directory"/>; at most 20 characters (the socket's path is limited).</summary>
    public required string Name { get; init; }

    public required PostgresBinaries Binaries { get; init; }

    public required LabDirectory Directory { get; init; }

    /// <summary>Issues the server's certificate.</summary>
    public required LabCertificateAuthority Authority { get; init; }

    /// <summary>Names in the certificate besides <c>localhost</c>, <c>127.0.0.1</c> and <see cref="Address"/>.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Where it listens: every address of 127.0.0.0/8 is this machine's, so servers of one database can have one each.</summary>
    public string Address { get; init; } = PostgresServer.Host;

    /// <summary>The RDS master user: CREATEROLE, CREATEDB, member of <c>rds_superuser</c>, not a superuser.</summary>
    public string MasterUser { get; init; } = "postgres";

    /// <summary>
    /// Whether what it acknowledged survives a crash of the machine. A crash of the server it survives either way; turned
    /// off it is faster, for tests that pull no plug.
    /// </summary>
    public required bool Durable { get; init; }

    /// <summary>Gets every line of its log, also of the processes after a restart.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>The size of a WAL segment, a power of two; <c>null</c>: PostgreSQL's 16 MB.</summary>
    public int? WalSegmentMegabytes { get; init; }

    /// <summary>Settings of <c>postgresql.conf</c> that replace or add to the lab's own.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
