namespace Automation.Ledger;

/// <summary>What came of a recorded action.</summary>
internal enum ActionResult
{
    /// <summary>Recorded before the act, and nothing heard since: it may or may not have happened.</summary>
    Unconfirmed,

    /// <summary>It was done.</summary>
    Done,

    /// <summary>Its object had gone or changed by itself; nothing was done.</summary>
    Vanished,

    /// <summary>It was tried and did not work.</summary>
    Failed,
}
