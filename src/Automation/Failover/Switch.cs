namespace Automation.Failover;

/// <summary>Whether another server is the writer now. Without proof the test is void: a failover that did not happen takes no time.</summary>
internal abstract record Switch
{
    private Switch()
    {
    }

    /// <param name="Now">Who is.</param>
    public sealed record Proven(ServerIdentity Now) : Switch;

    /// <summary>The writer is the one it was, and was never gone.</summary>
    public sealed record None : Switch;

    /// <summary>Clients failed, and then the same writer was back.</summary>
    public sealed record CameBack : Switch;

    /// <param name="Why">What is missing.</param>
    public sealed record Unproven(string Why) : Switch;
}
