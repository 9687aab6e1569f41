using Automation.Lab.Postgres;

namespace Automation.Lab.Failover;

/// <summary>The servers of one database: a primary, and its standby where it has one.</summary>
internal sealed class ServerPair(PostgresServer primary, bool synchronous) : IAsyncDisposable
{
    private PostgresServer? lost;
    private IReadOnlyDictionary<string, string> lostSettings = new Dictionary<string, string>();

    public PostgresServer Primary { get; private set; } = primary;

    /// <summary><c>null</c> without one, and from a failover until <see cref="RejoinAsync"/>.</summary>
    public PostgresStandby? Standby { get; private set; }

    /// <summary>Gives the primary a standby.</summary>
    /// <param name="name">Names its folder; at most 20 characters.</param>
    /// <param name="settings">What is set otherwise than at the primary.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task AddStandbyAsync(string name, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation) =>
        Standby = await PostgresStandby.AddAsync(Primary, name, new StandbyOptions { Synchronous = synchronous, Settings = settings }, cancellation);

    /// <summary>Takes note that the standby was promoted.</summary>
    public void Switch()
    {
        (lost, Primary, Standby) = (Primary, Standby!.Server, null);
        lostSettings = lost.Options.Settings;
    }

    /// <summary>
    /// Makes the server that a failover lost the standby of the other, on new data: what only it had is gone, as on RDS.
    /// Nothing happens where none was lost.
    /// </summary>
    public async Task RejoinAsync(CancellationToken cancellation)
    {
        if (lost is not { } old) return;
        await old.DisposeAsync();
        // Gone already when an attempt before this one ended halfway.
        if (Directory.Exists(old.Folder)) Directory.Delete(old.Folder, recursive: true);
        Standby = await PostgresStandby.AddAsync(
            Primary, old.Name, new StandbyOptions { Synchronous = synchronous, Address = old.Address, Settings = lostSettings }, cancellation);
        lost = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (Standby is not null) await Standby.DisposeAsync();
        await Primary.DisposeAsync();
        if (lost is not null) await lost.DisposeAsync();
    }
}
