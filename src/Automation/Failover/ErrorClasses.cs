using System.Net.Sockets;
using System.Security.Authentication;
using Automation.Database;
using Npgsql;

namespace Automation.Failover;

/// <summary>Sorts what a client sees during a failover: a SQLSTATE where the server spoke, else what became of the connection.</summary>
internal static class ErrorClasses
{
    public const string Timeout = "timeout", Refused = "refused", Lost = "connection-lost", NoRoute = "no-route", Name = "name-resolution";
    public const string Warned = "warned-commit", Tls = "tls", Other = "other";

    public static string Of(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
            if (Recognise(cause) is { } known) return known;
        return Other;
    }

    /// <summary>
    /// Whether an error that came in answer to an INSERT proves that nothing was committed. 57P0x also ends a session whose commit
    /// is done and only waits for the standby; 08 and XX are not to be relied upon.
    /// </summary>
    public static bool ProvesNoCommit(Exception exception) =>
        exception is PostgresException { SqlState: { } state }
        && !state.StartsWith("57P", StringComparison.Ordinal) && !state.StartsWith("08", StringComparison.Ordinal)
        && !state.StartsWith("XX", StringComparison.Ordinal) && state != PostgresErrorCodes.QueryCanceled;

    private static string? Recognise(Exception cause) => cause switch
    {
        PostgresException e => e.SqlState,
        DeadlineExceededException or TimeoutException => Timeout,
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => Refused,
        SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown } => NoRoute,
        SocketException { SocketErrorCode: SocketError.TimedOut } => Timeout,
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => Name,
        SocketException or EndOfStreamException => Lost,
        AuthenticationException => Tls,
        // The outermost one is an NpgsqlException, whose cause says more.
        IOException { InnerException: null } => Lost,
        _ => null,
    };
}
