namespace Automation.Events;

/// <summary>The four calls that Secrets Manager makes for one rotation, in this order.</summary>
internal enum RotationStep
{
    /// <summary>Make the new value and store it under AWSPENDING.</summary>
    Create,

    /// <summary>Make the database take it.</summary>
    Set,

    /// <summary>Log in with it.</summary>
    Test,

    /// <summary>Move AWSCURRENT to it.</summary>
    Finish,
}
