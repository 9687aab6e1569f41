using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace Automation.Database;

/// <summary>The rules behind <see cref="DatabaseFailure.From"/>: one exception at a time, <c>null</c> when it says nothing.</summary>
internal static class Failures
{
    public static DatabaseFailure? Recognise(Exception exception, DatabaseActivity activity) => exception switch
    {
        PostgresException e => FromServer(e),
        DeadlineExceededException e => Lost(activity, e.Message),
        IamTokenException e => new DatabaseFailure(FailureClass.Authentication, e.Message),
        AuthenticationException => NotVerified("The server's certificate is not one for this host name that leads to a trusted root and is in date"),
        // Also inside a broken-off handshake: nothing is known about the server then, so it is not "not verified".
        SocketException or IOException or TimeoutException => Lost(activity, exception.Message),
        NpgsqlException e => FromDriver(e),
        _ => null,
    };

    private static DatabaseFailure FromServer(PostgresException e)
    {
        var said = $"{e.MessageText} ({e.SqlState})";
        return e.SqlState switch
        {
            PostgresErrorCodes.TooManyConnections => new(TooManyConnections(e), $"The server refused the connection: {said}", e.SqlState),
            PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidPassword =>
                new(FailureClass.Authentication, $"The login was refused: {said}", e.SqlState),
            PostgresErrorCodes.ReadOnlySqlTransaction =>
                new(FailureClass.ReadOnly, $"This server takes no writes: {said}", e.SqlState),
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown =>
                new(FailureClass.ShuttingDown, $"The server ended the session: {said}", e.SqlState),
            PostgresErrorCodes.CannotConnectNow =>
                new(FailureClass.StartingUp, $"The server accepts no sessions yet: {said}", e.SqlState),
            PostgresErrorCodes.TransactionResolutionUnknown =>
                new(FailureClass.UnknownOutcome, $"Whether the change was made is unknown: {said}", e.SqlState),
            PostgresErrorCodes.ConnectionException or PostgresErrorCodes.ConnectionDoesNotExist
                or PostgresErrorCodes.ConnectionFailure or PostgresErrorCodes.SqlClientUnableToEstablishSqlConnection
                or PostgresErrorCodes.SqlServerRejectedEstablishmentOfSqlConnection =>
                new(FailureClass.Unreachable, $"The connection failed: {said}", e.SqlState),
            _ => new(FailureClass.Other, $"The server refused: {said}", e.SqlState),
        };
    }

    /// <summary>
    /// All three are 53300. The place in the server's source tells them apart in every language of lc_messages and is the
    /// same from PostgreSQL 13 to 18; the English text is for servers that leave it out. Neither known: not exhaustion,
    /// because ending sessions on a wrong guess cannot be undone.
    /// </summary>
    private static FailureClass TooManyConnections(PostgresException e) => e.Routine switch
    {
        "InitializeSessionUserId" => FailureClass.RoleLimit,
        "CheckMyDatabase" => FailureClass.DatabaseLimit,
        // Only reserved slots left; none left, found by the backend; none left, found before there is one.
        "InitPostgres" or "InitProcess" or "ProcessStartupPacket" or "BackendInitialize" => FailureClass.SlotsExhausted,
        _ => e.MessageText switch
        {
            var text when text.StartsWith("too many connections for role ", StringComparison.Ordinal) => FailureClass.RoleLimit,
            var text when text.StartsWith("too many connections for database ", StringComparison.Ordinal) => FailureClass.DatabaseLimit,
            var text when text.StartsWith("remaining connection slots are reserved for ", StringComparison.Ordinal) => FailureClass.SlotsExhausted,
            "sorry, too many clients already" => FailureClass.SlotsExhausted,
            _ => FailureClass.Other,
        },
    };

    /// <summary>What Npgsql says in words only; the hostile-server tests hold these words against the version in use.</summary>
    private static DatabaseFailure? FromDriver(NpgsqlException e) => e.Message switch
    {
        var text when text.StartsWith("SSL connection requested. No SSL enabled connection", StringComparison.Ordinal) =>
            NotVerified("The server offers no TLS"),
        var text when text.Contains("for SSLRequest", StringComparison.Ordinal) =>
            NotVerified("The server answered the request for TLS with something else"),
        var text when text.StartsWith("Additional unencrypted data received", StringComparison.Ordinal) =>
            NotVerified("The server sent unencrypted data into the TLS handshake"),
        var text when text.Contains("authentication method is not allowed", StringComparison.Ordinal) =>
            new(FailureClass.Authentication, $"The server asked for another kind of login (a role in rds_iam has a token, any other a password): {text}"),
        var text when text.StartsWith("The connection pool has been exhausted", StringComparison.Ordinal) =>
            new(FailureClass.Other, "Every connection of this process's own pool is in use"),
        _ => null,
    };

    private static DatabaseFailure NotVerified(string what) =>
        new(FailureClass.TlsNotVerified, $"{what}: no login was attempted.");

    private static DatabaseFailure Lost(DatabaseActivity activity, string message) => activity switch
    {
        DatabaseActivity.Opening => new(FailureClass.Unreachable, $"The server could not be reached: {message}"),
        DatabaseActivity.Reading => new(FailureClass.Unreachable, $"The connection was lost: {message}"),
        DatabaseActivity.Committing => new(FailureClass.UnknownOutcome, $"The connection was lost while a change was being made, which may have happened: {message}"),
        _ => throw new ArgumentOutOfRangeException(nameof(activity), activity, "Not a database activity."),
    };
}
