using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace Automation.Database;

/// <summary>
/// An <see cref="NpgsqlDataSource"/> for one endpoint of RDS, Aurora or RDS Proxy: TLS verified in full against the given
/// roots, IAM tokens made per physical connection, nothing that pins a proxy's session, short timeouts.
/// </summary>
public sealed class RdsDataSource : IAsyncDisposable
{
    private readonly TimeProvider clock;
    private readonly DatabaseLogin login;

    private RdsDataSource(DatabaseEndpoint endpoint, DatabaseLogin login, NpgsqlDataSource dataSource, TimeProvider clock)
    {
        Endpoint = endpoint;
        this.login = login;
        DataSource = dataSource;
        this.clock = clock;
    }

    /// <summary>Where its connections go.</summary>
    public DatabaseEndpoint Endpoint { get; }

    /// <summary>
    /// The driver's data source, for everything that takes one. Its connections open asynchronously only, and without the
    /// hard deadline and the second try of <see cref="OpenAsync"/>.
    /// </summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>Makes a data source; nothing is connected yet.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="login">As whom.</param>
    /// <param name="roots">What the server's certificate must lead to.</param>
    /// <param name="options">The rest.</param>
    /// <param name="clock">Keeps the deadlines.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">
    /// The environment holds a variable that the driver would obey and that must not be obeyed here.
    /// </exception>
    public static RdsDataSource Create(DatabaseEndpoint endpoint, DatabaseLogin login, TrustedRoots roots,
        DataSourceOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(login);
        ArgumentNullException.ThrowIfNull(roots);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        DriverEnvironment.Check(Environment.GetEnvironmentVariable);

        var builder = new NpgsqlSlimDataSourceBuilder(ConnectionSettings.For(endpoint, login, options).ConnectionString);
        builder.EnableTransportSecurity();
        builder.EnableArrays();
        builder.UseRootCertificatesCallback(() => roots.Certificates);
        builder.UseSslClientAuthenticationOptionsCallback(tls =>
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                // A server's certificate may name an address to fetch its issuer from: that request would go wherever
                // the server likes, and block the handshake. RDS sends its whole chain.
                DisableCertificateDownloads = true,
                RevocationMode = X509RevocationMode.NoCheck,
                // Npgsql does the same when it verifies; here it spares reading the system's store, which no one asks.
                TrustMode = X509ChainTrustMode.CustomRootTrust,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(roots.Certificates);
            // What lies in ~/.postgresql is not ours to present.
            tls.ClientCertificateContext = null;
        });
        // Built-in types are known to the driver; looking them up would cost every new process a query and, where slots
        // are short, the time of one.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        // Also for a fixed password: so it is in no connection string.
        builder.UsePasswordProvider(
            _ => throw new NotSupportedException("Open the connection with OpenAsync: a token is made asynchronously."),
            (_, _) => login switch
            {
                IamLogin iam => iam.Tokens.GetAsync(endpoint.Host, endpoint.Port, iam.User),
                PasswordLogin password => ValueTask.FromResult(password.Password),
                _ => throw new ArgumentOutOfRangeException(nameof(login), login.GetType(), "Not a database login."),
            });
        return new RdsDataSource(endpoint, login, builder.Build(), clock);
    }

    /// <summary>
    /// Opens a session. A login refused with an IAM token is tried once more with a fresh one, since a token dies with the
    /// credentials that signed it, and their end is not always announced.
    /// </summary>
    /// <param name="deadline">For both tries together; kept whatever the driver and the server do.</param>
    /// <param name="cancellation">The caller's own wish to stop.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> came first.</exception>
    public async Task<Attempt<DatabaseSession>> OpenAsync(TimeSpan deadline, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(deadline, TimeSpan.Zero);
        cancellation.ThrowIfCancellationRequested();
        try
        {
            var connection = await Watchdog.RunAsync(OpenConnectionAsync, deadline, clock, cancellation);
            return new Attempt<DatabaseSession>(new DatabaseSession(this, connection, clock));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        // Any other: only the driver ran, and on a server that talks nonsense it throws whatever its parser meets.
        catch (Exception e)
        {
            return new Attempt<DatabaseSession>(Observe(e, DatabaseActivity.Opening));
        }
    }

    /// <summary>
    /// Says what an exception of one of these connections means, and lets go of the idle ones when it means that they lead
    /// to a demoted writer: they are healthy as sockets, so the driver would hand them out for ever.
    /// </summary>
    public DatabaseFailure Observe(Exception exception, DatabaseActivity activity)
    {
        var failure = DatabaseFailure.From(exception, activity);
        if (failure.Class == FailureClass.ReadOnly) DataSource.Clear();
        return failure;
    }

    /// <summary>Closes the idle connections, and the others as they are returned.</summary>
    public ValueTask DisposeAsync() => DataSource.DisposeAsync();

    private async Task<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellation)
    {
        try
        {
            return await DataSource.OpenConnectionAsync(cancellation);
        }
        catch (PostgresException e) when (login is IamLogin iam
            && e.SqlState is PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidPassword)
        {
            iam.Tokens.Forget(Endpoint.Host, Endpoint.Port, login.User);
            return await DataSource.OpenConnectionAsync(cancellation);
        }
    }
}
