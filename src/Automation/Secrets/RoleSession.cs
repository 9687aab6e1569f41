using Automation.Database;
using Npgsql;
using NpgsqlTypes;

namespace Automation.Secrets;

/// <summary>The statements of a rotation, on one session.</summary>
internal sealed class RoleSession(DatabaseSession session) : IRoleSession
{
    /// <summary>Above the server's own limits (<see cref="RoleSql.Prepare"/>), so that the server's answer comes first.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public Task<Attempt<ServerFacts>> ReadFactsAsync(IReadOnlyList<string> roles, CancellationToken cancellation) =>
        session.RunAsync((connection, stopping) => RoleFactsReader.ReadAsync(connection, roles, stopping),
            DatabaseActivity.Reading, Limit, cancellation);

    public Task<Attempt<bool>> LockAsync(string role, CancellationToken cancellation) => session.RunAsync(async (connection, stopping) =>
    {
        await RoleSql.PrepareAsync(connection, stopping);
        await using var command = new NpgsqlCommand(RoleSql.Lock, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = role, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(stopping);
        return true;
    }, DatabaseActivity.Reading, Limit, cancellation);

    public Task<Attempt<bool>> SetPasswordAsync(string role, string verifier, CancellationToken cancellation) =>
        session.RunAsync(async (connection, stopping) =>
        {
            await using var command = new NpgsqlCommand(RoleSql.SetPassword(role, verifier), connection);
            await command.ExecuteNonQueryAsync(stopping);
            return true;
        }, DatabaseActivity.Committing, Limit, cancellation);

    public ValueTask DisposeAsync() => session.DisposeAsync();
}
