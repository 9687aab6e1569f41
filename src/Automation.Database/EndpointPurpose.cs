namespace Automation.Database;

/// <summary>What a session is for, as far as it decides where the session goes.</summary>
public enum EndpointPurpose
{
    /// <summary>The service's everyday reads and writes.</summary>
    Ordinary,

    /// <summary>Relief of an incident on one instance.</summary>
    Remediation,

    /// <summary>Reads that may be a little behind the writer.</summary>
    ReadsThatBearLag,
}
