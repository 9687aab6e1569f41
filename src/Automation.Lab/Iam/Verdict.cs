namespace Automation.Lab.Iam;

/// <summary>What the policies of a role say to one question.</summary>
internal enum Verdict
{
    /// <summary>No statement allows it.</summary>
    NotAllowed,

    Allowed,

    /// <summary>A statement denies it, whatever else is allowed.</summary>
    Denied,
}
