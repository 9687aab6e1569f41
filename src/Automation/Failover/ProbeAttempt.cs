namespace Automation.Failover;

/// <summary>What an attempt asks for.</summary>
internal enum Operation
{
    Read,
    Write,
}

/// <summary>What is known of the row an attempt was to write.</summary>
internal enum WriteFate
{
    /// <summary>The statement was never sent.</summary>
    NotSent,

    /// <summary>The server said no before there was anything to commit.</summary>
    Rejected,

    /// <summary>The server said that it is committed, and nothing else.</summary>
    Acknowledged,

    /// <summary>Sent, and no answer that can be relied upon.</summary>
    Unknown,
}

/// <summary>One attempt of a lane: connect or borrow, read, write. Times count from the start of the probing.</summary>
internal sealed record ProbeAttempt
{
    public required TimeSpan Started { get; init; }

    /// <summary>When the last answer came, or when the attempt was given up.</summary>
    public required TimeSpan Ended { get; init; }

    /// <summary>When the read was answered; <c>null</c> when it was not in time.</summary>
    public TimeSpan? Read { get; init; }

    /// <summary>When the write was acknowledged; <c>null</c> when it was not in time.</summary>
    public TimeSpan? Wrote { get; init; }

    /// <summary>Number of the row; counted up in a lane.</summary>
    public long Sequence { get; init; }

    public WriteFate Fate { get; init; }

    /// <summary>Who answered last; <c>null</c> when nobody did.</summary>
    public ServerIdentity? Server { get; init; }

    /// <summary>What went wrong (<see cref="ErrorClasses"/>); <c>null</c> when nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>When that of an operation succeeded, or <c>null</c>.</summary>
    public TimeSpan? AnsweredAt(Operation operation) => operation == Operation.Read ? Read : Wrote;
}
