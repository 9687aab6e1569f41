using System.Globalization;
using Npgsql;

namespace Automation.Lab.Report;

/// <summary>Looks at one database all the time: its sessions, its volume, its logins, and what a client of its own meets.</summary>
internal sealed class DatabaseWatch
{
    /// <summary>The role of the probe.</summary>
    public const string ProbeRole = "lab_report";

    private const string Write = "SELECT pg_logical_emit_message(true, 'lab-report', '')";

    private const int Deadline = 1; // seconds

    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(250), ProbeEvery = TimeSpan.FromMilliseconds(500), CountEvery = TimeSpan.FromSeconds(1);

    private readonly LabInstance database;
    private readonly TimeProvider time;
    private readonly string login;
    private readonly Lock gate = new();
    private readonly Dictionary<Measure, List<RunPoint>> series = [];
    private readonly List<RunAttempt> attempts = [];
    private double? slots, before;
    private (DateTimeOffset At, long In, long Refused)? counted;

    private DatabaseWatch(LabInstance database, TimeProvider time, string password)
    {
        this.database = database;
        this.time = time;
        var settings = database.Login(ProbeRole, password, "lab-report");
        // While a server says nothing at all, Npgsql keeps to its own limits and does not look at a token.
        (settings.Timeout, settings.CommandTimeout, settings.CancellationTimeout) = (Deadline, Deadline, -1);
        login = settings.ConnectionString;
    }

    /// <summary>Makes the probe's role.</summary>
    public static async Task<DatabaseWatch> PrepareAsync(LabInstance database, TimeProvider time, CancellationToken cancellation) =>
        new(database, time, await database.CreateLoginAsync(ProbeRole, cancellation));

    public IReadOnlyList<RunSeries> Series
    {
        get
        {
            lock (gate) return [.. series.OrderBy(one => one.Key).Select(one => new RunSeries(database.Id, one.Key, [.. one.Value]))];
        }
    }

    public RunProbe Probe
    {
        get
        {
            lock (gate) return new RunProbe(database.Id, [.. attempts]);
        }
    }

    /// <summary>Until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(EveryAsync(SampleEvery, SampleAsync, cancellation), EveryAsync(ProbeEvery, ProbeAsync, cancellation));

    private async Task EveryAsync(TimeSpan interval, Func<CancellationToken, Task> look, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation)) await look(cancellation);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // The run is over, and what was asked for is not answered.
        }
    }

    private async Task SampleAsync(CancellationToken cancellation)
    {
        var sessions = await SessionsAsync(cancellation);
        var (free, allocated) = Volume();
        var (@in, refused) = Logins();
        var at = time.GetUtcNow();
        lock (gate)
        {
            Add(Measure.Active, sessions?.GetValueOrDefault("active"));
            Add(Measure.IdleInTransaction, sessions?.GetValueOrDefault("idle in transaction"));
            Add(Measure.Idle, sessions?.GetValueOrDefault("idle"));
            Add(Measure.OtherSessions, sessions?.GetValueOrDefault("walsender"));
            Add(Measure.Slots, slots);
            if (database.Volume is not null)
            {
                Add(Measure.Free, free);
                Add(Measure.Allocated, allocated);
            }
            // Over a second, or a few logins would look like a saw.
            if (counted is var (since, last, lost) && at - since >= CountEvery)
            {
                Add(Measure.LoggedIn, (@in - last) / (at - since).TotalSeconds);
                Add(Measure.LoginsRefused, (refused - lost) / (at - since).TotalSeconds);
                counted = null;
            }
            counted ??= (at, @in, refused);
        }

        void Add(Measure measure, double? value)
        {
            if (!series.TryGetValue(measure, out var points)) points = series[measure] = [];
            points.Add(new RunPoint(at, value));
        }
    }

    /// <returns><c>null</c> while the server is away.</returns>
    private async Task<Dictionary<string, double>?> SessionsAsync(CancellationToken cancellation)
    {
        try
        {
            slots ??= double.Parse((await database.QueryAsync("SHOW max_connections", cancellation))[0][0], CultureInfo.InvariantCulture);
            var rows = await database.QueryAsync("""
                SELECT CASE WHEN backend_type = 'walsender' THEN 'walsender' WHEN state LIKE 'idle in transaction%' THEN 'idle in transaction'
                    WHEN state = 'active' THEN 'active' ELSE 'idle' END, count(*)::text
                FROM pg_stat_activity WHERE backend_type IN ('client backend', 'walsender') GROUP BY 1
                """, cancellation);
            return rows.ToDictionary(row => row[0], row => double.Parse(row[1], CultureInfo.InvariantCulture));
        }
        // Whatever it was: a sample that cannot be taken is a gap, and not the end of the run.
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private (double? Free, double? Allocated) Volume()
    {
        try
        {
            return (database.Volume?.FreeBytes, database.Volume?.AllocatedBytes);
        }
        catch (IOException)
        {
            // Files come and go while they are counted.
            return (null, database.Volume?.AllocatedBytes);
        }
    }

    private (long In, long Refused) Logins()
    {
        var (direct, proxy) = (database.Gate.Counts, database.Proxy?.Gate.Counts);
        return (direct.Authenticated + (proxy?.Authenticated ?? 0), direct.Refused.Values.Sum() + (proxy?.Refused.Values.Sum() ?? 0));
    }

    private async Task ProbeAsync(CancellationToken cancellation)
    {
        var now = (await SessionsAsync(cancellation))?.Values.Sum();
        var isInTheWay = ProbeRules.IsInTheWay(before, now, slots);
        before = now;
        if (isInTheWay) return;
        var attempt = await AttemptAsync(cancellation);
        lock (gate) attempts.Add(attempt);
    }

    private async Task<RunAttempt> AttemptAsync(CancellationToken cancellation)
    {
        var (at, began, loggedIn) = (time.GetUtcNow(), time.GetTimestamp(), false);
        try
        {
            await using var connection = new NpgsqlConnection(login);
            await connection.OpenAsync(cancellation);
            loggedIn = true;
            await using var command = new NpgsqlCommand(Write, connection);
            await command.ExecuteNonQueryAsync(cancellation);
            return new RunAttempt(at, time.GetElapsedTime(began), true, true, null);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is NpgsqlException or TimeoutException or IOException)
        {
            var words = e switch
            {
                PostgresException refused => $"{refused.SqlState}: {refused.MessageText}",
                TimeoutException or { InnerException: TimeoutException } => "no answer in time",
                _ => e.Message,
            };
            return new RunAttempt(at, time.GetElapsedTime(began), loggedIn, false, words);
        }
    }
}
