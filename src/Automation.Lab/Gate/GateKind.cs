namespace Automation.Lab.Gate;

/// <summary>Which of RDS's endpoints a gate stands for.</summary>
internal enum GateKind
{
    /// <summary>A DB instance or cluster endpoint.</summary>
    Instance,

    /// <summary>
    /// An RDS Proxy endpoint: refuses most startup parameters, ignores cancel requests, and during an outage keeps idle
    /// clients and lets the others wait for a writer.
    /// </summary>
    Proxy,
}
