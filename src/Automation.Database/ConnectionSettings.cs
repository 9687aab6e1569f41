using Npgsql;

namespace Automation.Database;

/// <summary>
/// The connection string. What Npgsql would otherwise take from PG* variables is set here, because what is set explicitly
/// wins over them; those that cannot be set to "nothing" are refused by <see cref="DriverEnvironment"/>.
/// </summary>
internal static class ConnectionSettings
{
    public static NpgsqlConnectionStringBuilder For(DatabaseEndpoint endpoint, DatabaseLogin login, DataSourceOptions options) => new()
    {
        Host = endpoint.Host,
        Port = endpoint.Port,
        Database = Required(options.Database, nameof(options.Database)),
        Username = login.User,
        ApplicationName = Required(options.ApplicationName, nameof(options.ApplicationName)),
        ClientEncoding = "UTF8",
        Timezone = "UTC",

        // Nothing secret leaves before the server has proven to be the one asked for; there is no second try without.
        SslMode = SslMode.VerifyFull,
        SslNegotiation = SslNegotiation.Postgres,
        // Kerberos is not how RDS roles log in here, and a server that never answers the probe for it defeats Timeout.
        GssEncryptionMode = GssEncryptionMode.Disable,
        RequireAuth = login switch
        {
            // RDS checks a token through PAM and so asks for it in the clear: inside verified TLS, and a token is worth
            // nothing to anybody else's server since it names host, port and role.
            IamLogin => "Password",
            PasswordLogin => "ScramSHA256",
            _ => throw new ArgumentOutOfRangeException(nameof(login), login.GetType(), "Not a database login."),
        },

        Pooling = options.Pooling,
        MaxPoolSize = options.MaxPoolSize,
        ConnectionLifetime = Seconds(options.ConnectionLifetime, nameof(options.ConnectionLifetime)),
        // DISCARD ALL, which Npgsql sends before a pooled connection's next use, pins a proxy's session.
        NoResetOnClose = endpoint.Kind == EndpointKind.Proxy,
        // Named statements pin a proxy's session, and die with the writer.
        MaxAutoPrepare = 0,
        Multiplexing = false,
        Enlist = false,

        Timeout = Seconds(options.ConnectTimeout, nameof(options.ConnectTimeout)),
        CommandTimeout = Seconds(options.CommandTimeout, nameof(options.CommandTimeout)),
        // Once a cancel request is out, do not wait for its effect: RDS Proxy ignores it.
        CancellationTimeout = -1,
        TcpKeepAlive = true,
        TcpKeepAliveTime = 5,
        TcpKeepAliveInterval = 1,
    };

    private static string Required(string value, string name) => string.IsNullOrWhiteSpace(value)
        ? throw new ArgumentException("Expected a value: the driver would take one from the environment.", name)
        : value;

    private static int Seconds(TimeSpan value, string name)
    {
        // Zero means "no limit" to Npgsql.
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, name);
        return (int)Math.Ceiling(value.TotalSeconds);
    }
}
