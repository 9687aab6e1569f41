namespace Automation.Lab.Postgres;

/// <summary>How a standby follows its primary.</summary>
internal sealed record StandbyOptions
{
    /// <summary>
    /// Whether a commit is answered only when the standby has it too, as in RDS's Multi-AZ; <c>false</c>: what the standby
    /// has not received yet is lost with the primary.
    /// </summary>
    public required bool Synchronous { get; init; }

    /// <summary>An address of its own, so that a client can tell the two servers apart by <c>inet_server_addr()</c>.</summary>
    public string Address { get; init; } = "127.0.0.2";

    /// <summary>Settings that replace or add to the primary's.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
