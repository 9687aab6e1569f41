namespace Automation.Database;

/// <summary>What stands behind a host name of RDS: it decides what may be sent to it and what an answer means.</summary>
public enum EndpointKind
{
    /// <summary>One instance, and always the same one. The only kind that an incident on that instance is handled through.</summary>
    Instance,

    /// <summary>An Aurora or Multi-AZ cluster's writer, by DNS: after a failover it may name the old writer for a while.</summary>
    ClusterWriter,

    /// <summary>A cluster's readers in turn; what they show may be behind the writer.</summary>
    ClusterReader,

    /// <summary>RDS Proxy: sessions are borrowed, so nothing may be sent that pins one, and cancel requests are ignored.</summary>
    Proxy,
}
