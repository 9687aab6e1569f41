using Automation.Database;

namespace Automation.Failover;

/// <summary>The way a client takes.</summary>
internal enum ProbePath
{
    /// <summary>The endpoint of the instance, or the writer endpoint of the cluster.</summary>
    Writer,

    /// <summary>RDS Proxy.</summary>
    Proxy,

    /// <summary>The reader endpoint of the cluster.</summary>
    Reader,
}

/// <summary>How a client comes by its connections.</summary>
internal enum ProbeClients
{
    /// <summary>A new one for every attempt: the best an application can do.</summary>
    Fresh,

    /// <summary>From a pool, as most applications do.</summary>
    Pooled,
}

/// <summary>One client of the test: it tries again and again on one way.</summary>
/// <param name="Number">Names it in the table of writes.</param>
/// <param name="Path">Its way.</param>
/// <param name="Clients">Its connections.</param>
/// <param name="Endpoint">Where it connects to.</param>
internal sealed record Lane(int Number, ProbePath Path, ProbeClients Clients, DatabaseEndpoint Endpoint)
{
    /// <summary>Nothing can be written to a reader.</summary>
    public bool Writes => Path != ProbePath.Reader;

    /// <summary>As in <c>proxy, pooled</c>.</summary>
    public string Name => $"{Words.Of(Path)}, {Words.Of(Clients)}";
}
