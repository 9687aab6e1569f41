namespace Automation.Database;

/// <summary>What may differ between two data sources. How the server proves itself and how the login does may not.</summary>
public sealed record DataSourceOptions
{
    /// <summary><c>application_name</c>: how a person finds the session in <c>pg_stat_activity</c>.</summary>
    public required string ApplicationName { get; init; }

    /// <summary>The database to connect to.</summary>
    public string Database { get; init; } = "postgres";

    /// <summary>Whether connections are kept for the next use. Off where one session is opened to do one thing.</summary>
    public bool Pooling { get; init; } = true;

    /// <summary>Pooled connections at most. Npgsql's own default, 100, is all the slots of a small instance.</summary>
    public int MaxPoolSize { get; init; } = 10;

    /// <summary>
    /// The driver's limit for connecting, rounded up to whole seconds and split over the addresses of the host. Short, since
    /// a black hole answers no sooner in 15 s; <see cref="RdsDataSource.OpenAsync"/> keeps its own, hard one.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The driver's limit for a command, rounded up to whole seconds.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The age at which a pooled connection is replaced, so that sessions on a demoted writer die out.</summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(5);
}
