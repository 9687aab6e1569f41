using Automation.Lab.Postgres;

namespace Automation.Lab.Storage;

/// <summary>
/// The storage of one instance: what is allocated is a number, what is used is the size of the server's real files.
/// </summary>
internal sealed class LabVolume : IDisposable
{
    /// <summary>RDS counts storage in these.</summary>
    public const long GiB = 1L << 30;

    /// <summary>RDS's own: 64 MB.</summary>
    public const int WalSegmentMegabytes = 64;

    private readonly Func<PostgresServer> server;
    private readonly SparseGrowth growth;
    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile LabVolumeOptions settings;

    /// <param name="settings">As it begins.</param>
    /// <param name="server">Whose files are on it at the moment.</param>
    public LabVolume(LabVolumeOptions settings, Func<PostgresServer> server)
    {
        this.settings = settings;
        this.server = server;
        growth = new SparseGrowth(server);
    }

    /// <summary>
    /// What a server on a volume is set to besides: with them a WAL segment takes no more of the real disk than what is
    /// written into it, and goes as soon as nobody needs it.
    /// </summary>
    public static IReadOnlyDictionary<string, string> ServerSettings { get; } = new Dictionary<string, string>
    {
        ["wal_init_zero"] = "off",
        ["wal_recycle"] = "off",
        ["wal_keep_size"] = "0",
        ["min_wal_size"] = "128MB",
    };

    /// <summary>As it is at the moment.</summary>
    public LabVolumeOptions Settings
    {
        get => settings;
        set => settings = value;
    }

    /// <summary>Called after each change, in order.</summary>
    public Action<VolumeChange> OnChange { get; set; } = static _ => { };

    public long AllocatedBytes => settings.AllocatedGiB * GiB;

    /// <summary>The apparent size of the data directory, now.</summary>
    public long UsedBytes => FolderSize.Of(server().DataFolder);

    /// <summary>What is allocated and not used; never below 0.</summary>
    public long FreeBytes => Math.Max(0, AllocatedBytes - UsedBytes);

    /// <summary>Whether the server was stopped because nothing was free.</summary>
    public bool IsFull { get; set; }

    /// <inheritdoc cref="SparseGrowth.GrowWalAsync"/>
    public Task GrowWalAsync(int segments, CancellationToken cancellation) => AloneAsync(async () =>
    {
        await growth.GrowWalAsync(segments, cancellation);
        return true;
    }, cancellation);

    /// <inheritdoc cref="SparseGrowth.ExtendRelationAsync"/>
    public Task ExtendRelationAsync(string table, long bytes, CancellationToken cancellation, string database = "postgres") =>
        AloneAsync(async () =>
        {
            await growth.ExtendRelationAsync(table, bytes, cancellation, database);
            return true;
        }, cancellation);

    /// <summary>Runs what needs the server to stay as it is: growing, a failover, enforcing the size; one at a time.</summary>
    public async Task<T> AloneAsync<T>(Func<Task<T>> action, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            return await action();
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}
