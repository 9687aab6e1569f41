using Automation.Database;
using Automation.Telemetry;
using Npgsql;

namespace Automation.Preparation;

/// <summary>
/// Runs <c>sql/bootstrap.sql</c> itself, in a transaction, on a session of the master user: to plan, the transaction is rolled back,
/// so that a plan is what will happen and not a guess. Roles, memberships, settings and rights are transactional in PostgreSQL.
/// </summary>
internal static class Bootstrap
{
    /// <summary>Above the server's own limits (<see cref="BootstrapSql"/>), so that the server's answer comes first.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    internal static readonly TimeSpan CommitLimit = TimeSpan.FromSeconds(10);

    /// <summary>What the script would do. Nothing is committed: no COMMIT is ever sent, and a transaction that loses its session is rolled back by the server.</summary>
    public static Task<Attempt<BootstrapRun>> PlanAsync(DatabaseSession master, BootstrapRequest request, CancellationToken cancellation) =>
        master.RunAsync(async (connection, stop) =>
        {
            await using var transaction = await connection.BeginTransactionAsync(stop);
            var run = await RunAsync(connection, request, stop);
            await transaction.RollbackAsync(stop);
            return run;
        }, DatabaseActivity.Reading, Limit, cancellation);

    /// <summary>Does it, if it is still what was planned; else nothing is committed and what it would be now is returned.</summary>
    /// <param name="master">A session of the master user.</param>
    /// <param name="request">As it was planned.</param>
    /// <param name="planned">What was written down.</param>
    /// <param name="cancellation">The run's deadline; from the COMMIT on it waits for the server's answer.</param>
    public static async Task<Attempt<BootstrapRun>> ApplyAsync(DatabaseSession master, BootstrapRequest request, BootstrapRun.Ran planned, CancellationToken cancellation)
    {
        NpgsqlTransaction? open = null;
        var attempt = await master.RunAsync(async (connection, stop) =>
        {
            var transaction = await connection.BeginTransactionAsync(stop);
            var run = await RunAsync(connection, request, stop);
            if (run is BootstrapRun.Ran ran && ran.IsSame(planned)) open = transaction;
            else await transaction.RollbackAsync(stop);
            return run;
        }, DatabaseActivity.Reading, Limit, cancellation);
        if (open is null || !attempt.Succeeded(out _, out _)) return attempt;

        var commit = await master.RunAsync(async (_, stop) =>
        {
            await open.CommitAsync(stop);
            return true;
        }, DatabaseActivity.Committing, CommitLimit, CancellationToken.None);
        return commit.Succeeded(out _, out var failure) ? attempt : new Attempt<BootstrapRun>(failure);
    }

    /// <summary>Takes <c>rds_iam</c> back from the role: the way back when the master user is shut out. In a transaction as the script's.</summary>
    /// <returns>Whether the role is a member no more; it still is where somebody else has granted it too.</returns>
    public static Task<Attempt<bool>> RevokeIamAsync(DatabaseSession master, BootstrapRequest request, CancellationToken cancellation) =>
        master.RunAsync(async (connection, stop) =>
        {
            await using var transaction = await connection.BeginTransactionAsync(stop);
            await BootstrapSql.PrepareAsync(connection, request, stop);
            var (name, _) = await BootstrapSql.NamesAsync(connection, request.Role, stop);
            await using (var revoke = new NpgsqlCommand($"REVOKE rds_iam FROM {name}", connection)) await revoke.ExecuteNonQueryAsync(stop);
            var facts = await BootstrapSql.FactsAsync(connection, request.Role, stop);
            await transaction.CommitAsync(stop);
            return !facts.Any(fact => fact is { Kind: RoleFactKind.MemberOf, Name: "rds_iam" });
        }, DatabaseActivity.Committing, CommitLimit, cancellation);

    private static async Task<BootstrapRun> RunAsync(NpgsqlConnection connection, BootstrapRequest request, CancellationToken stop)
    {
        var messages = new List<string>();
        void Hear(object sender, NpgsqlNoticeEventArgs said) => messages.Add(Printable.Line(Words(said.Notice.MessageText, said.Notice.Hint), 1000));
        try
        {
            await BootstrapSql.PrepareAsync(connection, request, stop);
            var (role, database) = await BootstrapSql.NamesAsync(connection, request.Role, stop);
            var before = await BootstrapSql.FactsAsync(connection, request.Role, stop);
            connection.Notice += Hear;
            await using (var script = new NpgsqlCommand(BootstrapSql.Script, connection)) await script.ExecuteNonQueryAsync(stop);
            connection.Notice -= Hear;
            var after = await BootstrapSql.FactsAsync(connection, request.Role, stop);
            return new BootstrapRun.Ran(PlanRules.Steps(role, database, before, after), messages);
        }
        // Of the statements alone: what ends the session says so in the classes of 08 and 57P.
        catch (PostgresException e) when (!e.SqlState.StartsWith("08", StringComparison.Ordinal) && !e.SqlState.StartsWith("57P", StringComparison.Ordinal))
        {
            return new BootstrapRun.Refused(e.SqlState, e.MessageText, e.Hint);
        }
        finally
        {
            connection.Notice -= Hear;
        }
    }

    private static string Words(string message, string? hint) => string.IsNullOrEmpty(hint) ? message : $"{message} ({hint})";
}
