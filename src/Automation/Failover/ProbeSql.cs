using System.Globalization;
using System.Text.RegularExpressions;

namespace Automation.Failover;

/// <summary>
/// Every statement of a test. Names are constants; values are parameters. Functions are called with their schema, so that nobody's
/// function of the same name in another schema of the search path is (CVE-2018-1058).
/// </summary>
internal static partial class ProbeSql
{
    private const string Table = $"{GuardRules.Schema}.writes";

    // Functions of the server itself: they say who answered, and touch no table. The text form of an address has its mask.
    private const string Identity = "pg_catalog.pg_postmaster_start_time(), pg_catalog.host(pg_catalog.inet_server_addr()), pg_catalog.inet_server_port(), pg_catalog.pg_is_in_recovery()";

    private const string AuroraIdentity = Identity + ", pg_catalog.aurora_db_instance_identifier()";

    /// <summary>What the writer says of itself, what our role may do, and what an earlier test left.</summary>
    public const string Facts = $"""
        SELECT {Identity},
               pg_catalog.to_regproc('pg_catalog.aurora_db_instance_identifier') IS NOT NULL,
               pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),
               pg_catalog.pg_get_userbyid(n.nspowner)::text,
               (SELECT pg_catalog.count(*)::int FROM pg_catalog.pg_class c
                WHERE c.relnamespace = n.oid AND c.relkind NOT IN ('i', 't') AND NOT (c.relname = 'writes' AND c.relkind = 'r'))
               + (SELECT pg_catalog.count(*)::int FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid)
               + (SELECT pg_catalog.count(*)::int FROM pg_catalog.pg_operator o WHERE o.oprnamespace = n.oid)
               + (SELECT pg_catalog.count(*)::int FROM pg_catalog.pg_type t WHERE t.typnamespace = n.oid AND t.typtype IN ('d', 'e', 'r', 'm')),
               pg_catalog.obj_description(n.oid, 'pg_namespace'),
               CURRENT_USER::text, pg_catalog.current_database()::text
        FROM (VALUES (1)) AS one (row) LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = '{GuardRules.Schema}'
        """;

    /// <summary>Without CASCADE: what somebody else built on it makes this fail instead of going with it.</summary>
    public const string Drop = $"DROP TABLE IF EXISTS {Table}; DROP SCHEMA IF EXISTS {GuardRules.Schema}";

    public const string Rows = $"SELECT lane, seq, payload FROM {Table}";

    private const string Comment = "A failover test of the RDS automation, begun ";
    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static string Read(bool aurora) => $"SELECT {(aurora ? AuroraIdentity : Identity)}";

    /// <summary>No sequence, no key: a number that the client gave is found again whatever happened, twice if it is there twice.</summary>
    public static string Write(bool aurora) =>
        $"INSERT INTO {Table} (lane, seq, payload) VALUES ($1, $2, $3) RETURNING {(aurora ? AuroraIdentity : Identity)}";

    /// <param name="comment"><see cref="CommentOf"/>: digits and our own words.</param>
    public static string Create(string comment) => $"""
        CREATE SCHEMA {GuardRules.Schema};
        CREATE TABLE {Table} (lane int NOT NULL, seq bigint NOT NULL, payload bigint NOT NULL);
        COMMENT ON SCHEMA {GuardRules.Schema} IS '{comment}'
        """;

    /// <summary>Tells people what the schema is, and another stack that a test is running.</summary>
    public static string CommentOf(DateTimeOffset begun) => Comment + begun.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture) + "; gone when it ends, or with the next one";

    /// <summary>When the test of this comment began; <c>null</c> when it is none of ours.</summary>
    public static DateTimeOffset? BegunAt(string comment) => Begun().Match(comment) is { Success: true } match
        && DateTimeOffset.TryParseExact(match.Groups[1].ValueSpan, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    [GeneratedRegex(@"\A" + Comment + @"([0-9TZ:.-]+);", RegexOptions.CultureInvariant)]
    private static partial Regex Begun();
}
