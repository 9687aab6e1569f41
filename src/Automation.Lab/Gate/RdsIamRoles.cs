using System.Collections.Concurrent;
using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace Automation.Lab.Gate;

/// <summary>
/// Asks a server which roles log in with a token, one session at a time. An answer is used for a second, and for longer
/// while the server cannot be asked: a storm that fills every slot must not lock out who may use the reserved ones. An
/// answer that is no longer true lets nobody in, because then the server does not let the user in as expected.
/// </summary>
/// <param name="open">Opens a session of the server; any role may ask.</param>
/// <param name="time">Tells an answer's age.</param>
internal sealed class RdsIamRoles(Func<CancellationToken, Task<NpgsqlConnection>> open, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    // Through any chain of grants, as pg_hba.conf's "+rds_iam". From PostgreSQL 16 on whoever creates a role is its
    // administrator and by that a member too, of a kind that neither inherits nor may become it: not counted.
    internal const string Query =
        """
        WITH RECURSIVE member (oid) AS (
          SELECT oid FROM pg_roles WHERE rolname = 'rds_iam'
          UNION
          SELECT m.member FROM pg_auth_members m JOIN member ON m.roleid = member.oid
          WHERE coalesce(to_jsonb(m) ->> 'inherit_option', 'true') = 'true' OR to_jsonb(m) ->> 'set_option' = 'true')
        SELECT EXISTS (SELECT FROM member JOIN pg_roles USING (oid) WHERE rolname = $1)
        """;

    private readonly ConcurrentDictionary<string, Answer> answers = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim asking = new(1, 1);

    /// <summary>Whether the role is a member of <c>rds_iam</c>; fits <see cref="GateOptions.IsIamUser"/>.</summary>
    /// <exception cref="DbException">The server cannot be asked and never was about this role.</exception>
    public async ValueTask<bool> ContainsAsync(string role, CancellationToken cancellation)
    {
        if (Known(role) is { } known) return known;
        await asking.WaitAsync(cancellation);
        try
        {
            if (Known(role) is { } answered) return answered;
            var contained = await AskAsync(role, cancellation);
            answers[role] = new Answer(contained, time.GetTimestamp());
            return contained;
        }
        catch (Exception e) when (e is DbException or IOException or SocketException or TimeoutException && answers.ContainsKey(role))
        {
            return answers[role].Contained;
        }
        finally
        {
            asking.Release();
        }
    }

    public void Dispose() => asking.Dispose();

    private bool? Known(string role) =>
        answers.TryGetValue(role, out var answer) && time.GetElapsedTime(answer.At) < Fresh ? answer.Contained : null;

    private async Task<bool> AskAsync(string role, CancellationToken cancellation)
    {
        await using var session = await open(cancellation);
        await using var command = new NpgsqlCommand(Query, session) { Parameters = { new() { Value = role } } };
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    private sealed record Answer(bool Contained, long At);
}
