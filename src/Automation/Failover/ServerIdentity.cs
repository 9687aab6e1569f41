namespace Automation.Failover;

/// <summary>
/// Who answered: asked of the server itself, with the statement it answered, because names and the control plane can both be
/// behind.
/// </summary>
/// <param name="Started"><c>pg_postmaster_start_time()</c>.</param>
/// <param name="Address"><c>inet_server_addr()</c> with its port; empty through a Unix socket.</param>
/// <param name="Instance"><c>aurora_db_instance_identifier()</c>; <c>null</c> where there is no such function.</param>
/// <param name="InRecovery">A standby or a reader.</param>
internal sealed record ServerIdentity(DateTimeOffset Started, string Address, string? Instance, bool InRecovery)
{
    /// <summary>Another server process on another address; a restart in place changes the first only, a moved address the second only.</summary>
    public bool IsAnother(ServerIdentity before) =>
        Instance is not null && before.Instance is not null
            ? !string.Equals(Instance, before.Instance, StringComparison.OrdinalIgnoreCase)
            : Started != before.Started && !string.Equals(Address, before.Address, StringComparison.Ordinal);

    /// <summary>The same place, but not the same run of the server.</summary>
    public bool IsRestartOf(ServerIdentity before) => !IsAnother(before) && Started != before.Started;
}
