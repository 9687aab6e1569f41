namespace Automation.Lab.Gate;

/// <summary>
/// How an endpoint behaves at the moment; the faults are those clients saw during failovers on RDS. They are the endpoint's
/// own: what a proxy does when its backend fails needs no mode.
/// </summary>
internal enum GateMode
{
    Serving,

    /// <summary>
    /// A dead host that sends no RST: nothing is answered. Connections open at that moment, and those made while it
    /// lasts, never hear another byte, whatever the mode is later.
    /// </summary>
    Silent,

    /// <summary>Nobody listens: new connections are refused; open ones go on.</summary>
    Refusing,

    /// <summary>PostgreSQL recovers: new connections are answered with 57P03; open ones go on.</summary>
    StartingUp,
}
