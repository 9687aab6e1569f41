namespace Automation.Lab.Gate;

/// <summary>Which of RDS's endpoints a gate stands for.</summary>
internal enum GateKind
{
    /// <summary>A DB instance or cluster endpoint.</summary>
    Instance,

    /// <summary>An RDS Proxy endpoint: refuses most startup parameters and ignores cancel requests.</summary>
    Proxy,
}
