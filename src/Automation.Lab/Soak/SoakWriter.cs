using Npgsql;

namespace Automation.Lab.Soak;

/// <summary>A client that writes rows all the time, and keeps a record of its own of what it was told is kept.</summary>
internal sealed class SoakWriter : IAsyncDisposable
{
    public const string Table = "kept", Role = "writer";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private readonly int number;
    private readonly Func<NpgsqlConnectionStringBuilder> login;
    private readonly CancellationTokenSource stopping = new();
    private readonly HashSet<long> acknowledged = [];
    private readonly Task running;

    private SoakWriter(int number, Func<NpgsqlConnectionStringBuilder> login)
    {
        (this.number, this.login) = (number, login);
        running = Task.Run(RunAsync);
    }

    /// <summary>Begins to write.</summary>
    /// <param name="number">Its own.</param>
    /// <param name="login">How it comes in.</param>
    public static SoakWriter Start(int number, Func<NpgsqlConnectionStringBuilder> login) => new(number, login);

    /// <summary>Stops writing.</summary>
    /// <returns>The rows of which it was told that they are kept.</returns>
    public async Task<IReadOnlySet<long>> StopAsync()
    {
        await stopping.CancelAsync();
        await running;
        return acknowledged;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Pace);
        long next = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var settings = login();
                (settings.Timeout, settings.CommandTimeout) = (2, 2);
                await using var connection = new NpgsqlConnection(settings.ConnectionString);
                // A commit that stopped waiting for the standby is a success with a warning.
                var warned = false;
                connection.Notice += (_, _) => warned = true;
                await connection.OpenAsync(stopping.Token);
                while (await timer.WaitForNextTickAsync(stopping.Token))
                {
                    (var row, warned) = (++next, false);
                    await using var command = new NpgsqlCommand($"INSERT INTO {Table} VALUES ($1, $2)", connection);
                    command.Parameters.Add(new NpgsqlParameter { Value = number });
                    command.Parameters.Add(new NpgsqlParameter { Value = row });
                    // Not the token: what was sent is seen to its end.
                    await command.ExecuteNonQueryAsync(CancellationToken.None);
                    if (!warned) acknowledged.Add(row);
                }
            }
            catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException or IOException or InvalidOperationException)
            {
                // The row underway may be there or not; the next one has another number.
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
        }
    }
}
