using System.Net.Sockets;
using System.Security.Authentication;
using Automation.Database;
using Npgsql;

namespace Automation.Tests.Database;

public sealed class DatabaseFailureTests
{
    // Text and routine as PostgreSQL 13 to 18 send them.
    [Theory]
    [InlineData("sorry, too many clients already", "ProcessStartupPacket", FailureClass.SlotsExhausted)]
    [InlineData("sorry, too many clients already", "BackendInitialize", FailureClass.SlotsExhausted)]
    [InlineData("sorry, too many clients already", "InitProcess", FailureClass.SlotsExhausted)]
    [InlineData("remaining connection slots are reserved for non-replication superuser connections", "InitPostgres", FailureClass.SlotsExhausted)]
    [InlineData("remaining connection slots are reserved for roles with the SUPERUSER attribute", "InitPostgres", FailureClass.SlotsExhausted)]
    [InlineData("remaining connection slots are reserved for roles with privileges of the \"pg_use_reserved_connections\" role", "InitPostgres", FailureClass.SlotsExhausted)]
    [InlineData("too many connections for role \"app\"", "InitializeSessionUserId", FailureClass.RoleLimit)]
    [InlineData("too many connections for database \"app\"", "CheckMyDatabase", FailureClass.DatabaseLimit)]
    // In other languages of lc_messages.
    [InlineData("zu viele Verbindungen für Rolle »app«", "InitializeSessionUserId", FailureClass.RoleLimit)]
    [InlineData("trop de connexions pour la base de données « app »", "CheckMyDatabase", FailureClass.DatabaseLimit)]
    [InlineData("tut mir leid, schon zu viele Verbindungen", "InitProcess", FailureClass.SlotsExhausted)]
    // From something that leaves the routine out, or has its own.
    [InlineData("remaining connection slots are reserved for roles with privileges of the \"rds_reserved\" role", null, FailureClass.SlotsExhausted)]
    [InlineData("sorry, too many clients already", null, FailureClass.SlotsExhausted)]
    [InlineData("too many connections for role \"app\"", null, FailureClass.RoleLimit)]
    [InlineData("too many connections for database \"app\"", "renamed", FailureClass.DatabaseLimit)]
    [InlineData("zu viele Verbindungen für Rolle »app«", null, FailureClass.Other)]
    [InlineData("number of requested standby connections exceeds \"max_wal_senders\" (currently 10)", "InitWalSender", FailureClass.Other)]
    // A role may be called anything.
    [InlineData("too many connections for role \"sorry, too many clients already\"", null, FailureClass.RoleLimit)]
    public void TooManyConnections_ByRoutineThenText_IsToldApart(string text, string? routine, FailureClass expected)
    {
        var failure = DatabaseFailure.From(Server("53300", text, routine), DatabaseActivity.Opening);

        Assert.Equal((expected, "53300"), (failure.Class, failure.SqlState));
        Assert.Contains(text, failure.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("28000", FailureClass.Authentication)]
    [InlineData("28P01", FailureClass.Authentication)]
    [InlineData("25006", FailureClass.ReadOnly)]
    [InlineData("57P01", FailureClass.ShuttingDown)]
    [InlineData("57P02", FailureClass.ShuttingDown)]
    [InlineData("57P03", FailureClass.StartingUp)]
    [InlineData("08006", FailureClass.Unreachable)]
    [InlineData("08001", FailureClass.Unreachable)]
    [InlineData("08007", FailureClass.UnknownOutcome)]
    [InlineData("3D000", FailureClass.Other)]
    [InlineData("42501", FailureClass.Other)]
    [InlineData("53200", FailureClass.Other)]
    [InlineData("57014", FailureClass.Other)]
    public void SqlState_EachKnown_HasItsClass(string sqlState, FailureClass expected)
    {
        var failure = DatabaseFailure.From(Server(sqlState, "the words of the server"), DatabaseActivity.Committing);

        Assert.Equal((expected, sqlState), (failure.Class, failure.SqlState));
        Assert.Contains("the words of the server", failure.Sentence, StringComparison.Ordinal);
    }

    public static TheoryData<Exception> Losses =>
    [
        new SocketException((int)SocketError.ConnectionRefused),
        new NpgsqlException("Name or service not known", new SocketException((int)SocketError.HostNotFound)),
        new NpgsqlException("Exception while reading from stream", new EndOfStreamException()),
        new NpgsqlException("Exception while reading from stream", new IOException("reset", new SocketException((int)SocketError.ConnectionReset))),
        new NpgsqlException("Exception while performing SSL handshake", new IOException("eof")),
        new TimeoutException("The operation has timed out."),
        new DeadlineExceededException(TimeSpan.FromSeconds(3)),
    ];

    [Theory, MemberData(nameof(Losses), DisableDiscoveryEnumeration = true)]
    public void LostConnection_OutcomeUnknownOnlyWhereAChangeWasBeingMade(Exception loss)
    {
        Assert.Equal(FailureClass.Unreachable, DatabaseFailure.From(loss, DatabaseActivity.Opening).Class);
        Assert.Equal(FailureClass.Unreachable, DatabaseFailure.From(loss, DatabaseActivity.Reading).Class);
        Assert.Equal(FailureClass.UnknownOutcome, DatabaseFailure.From(loss, DatabaseActivity.Committing).Class);
    }

    [Fact]
    public void Handshake_CertificateRejected_IsNotVerified() =>
        Assert.Equal(FailureClass.TlsNotVerified, DatabaseFailure.From(
            new NpgsqlException("Exception while performing SSL handshake", new AuthenticationException("rejected")), DatabaseActivity.Opening).Class);

    [Fact]
    public void Unrecognised_IsOther() =>
        Assert.Equal(FailureClass.Other, DatabaseFailure.From(new NpgsqlException("something new"), DatabaseActivity.Opening).Class);

    private static PostgresException Server(string sqlState, string text, string? routine = null) =>
        new(text, "FATAL", "FATAL", sqlState, routine: routine);
}
