namespace Automation.Database;

/// <summary>What was going on when the database failed: the same broken socket means different things.</summary>
public enum DatabaseActivity
{
    /// <summary>Logging in: nothing has been asked of the database yet.</summary>
    Opening,

    /// <summary>Asking for something that changes nothing, or that a later COMMIT has still to make real.</summary>
    Reading,

    /// <summary>A COMMIT, or a statement that changes something by itself: when the answer is lost it may have happened.</summary>
    Committing,
}
