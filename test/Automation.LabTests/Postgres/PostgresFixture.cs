using System.Collections.Concurrent;
using System.Globalization;
using Automation.Lab.Postgres;
using Automation.Lab.Setup;
using Automation.Lab.Tls;
using Automation.LabTests.Postgres;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Automation.LabTests.Postgres;

/// <summary>
/// Real servers for the whole assembly: take it as a constructor argument. Nothing starts before the first test asks, and
/// what is shared is started once. Tests that fill every slot, stop the server or change its settings start their own.
/// </summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly Lazy<LabDirectory> directory = new(LabDirectory.Create);
    private readonly Lazy<LabCertificateAuthority> authority;
    private readonly ConcurrentDictionary<int, Lazy<Task<PostgresServer>>> shared = new();
    private int started;

    public PostgresFixture() => authority = new(() => LabCertificateAuthority.Create(Directory, TimeProvider.System));

    /// <summary>Every major version RDS supports; <c>[MemberData(nameof(PostgresFixture.Majors), MemberType = typeof(PostgresFixture))]</c>.</summary>
    public static TheoryData<int> Majors => [.. PostgresPackage.Majors];

    internal LabDirectory Directory => directory.Value;

    internal LabCertificateAuthority Authority => authority.Value;

    /// <summary>The shared server of this machine's own PostgreSQL version (Debian 12: 15).</summary>
    internal Task<PostgresServer> ServerAsync() => SharedAsync(0);

    /// <summary>The shared server of a major version, 13 to 18.</summary>
    internal Task<PostgresServer> ServerAsync(int major) => SharedAsync(major);

    /// <summary>A server of one's own; the test disposes it.</summary>
    /// <param name="major">Major version, or <c>null</c> for this machine's own.</param>
    /// <param name="settings">Settings of postgresql.conf that replace or add to the lab's.</param>
    internal async Task<PostgresServer> StartOwnAsync(int? major = null, IReadOnlyDictionary<string, string>? settings = null) =>
        await PostgresServer.CreateAsync(new PostgresServerOptions
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"pg{major}-{Interlocked.Increment(ref started)}"),
            Binaries = major is { } wanted
                ? await PostgresBinaries.ForMajorAsync(wanted, null, CancellationToken.None)
                : await PostgresBinaries.FindOrInstallAsync(null, CancellationToken.None),
            Directory = Directory,
            Authority = Authority,
            Durable = false,
            Settings = settings ?? new Dictionary<string, string>(),
        }, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in shared.Values)
        {
            // One that failed to start has failed its tests already, and left nothing to dispose.
            if (server.IsValueCreated && server.Value.IsCompletedSuccessfully) await (await server.Value).DisposeAsync();
        }
        if (authority.IsValueCreated) authority.Value.Dispose();
        if (directory.IsValueCreated) directory.Value.Dispose();
    }

    private Task<PostgresServer> SharedAsync(int major) =>
        shared.GetOrAdd(major, _ => new Lazy<Task<PostgresServer>>(() => StartOwnAsync(major == 0 ? null : major))).Value;
}
