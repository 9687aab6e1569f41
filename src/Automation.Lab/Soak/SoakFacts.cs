namespace Automation.Lab.Soak;

/// <summary>All that is known of a soak when it is over, from the lab's own parts: what <see cref="SoakChecker"/> judges.</summary>
internal sealed record SoakFacts
{
    /// <summary>Calls of the functions that change something, when they were answered.</summary>
    public IReadOnlyList<MutatingCall> Calls { get; init; } = [];

    /// <summary>Action records that reached the ledger.</summary>
    public IReadOnlyList<ActionWritten> Actions { get; init; } = [];

    public IReadOnlyList<WrittenRows> Writers { get; init; } = [];
    public IReadOnlyList<StormSession> Sessions { get; init; } = [];
    public IReadOnlyList<Deletion> Deletions { get; init; } = [];

    /// <summary>Every snapshot that ever was, as it was last.</summary>
    public IReadOnlyList<ShelfSnapshot> Snapshots { get; init; } = [];
    public IReadOnlyList<LastLogin> Logins { get; init; } = [];

    /// <summary>Logins of the applications all the while.</summary>
    public IReadOnlyList<LoginSeen> Attempts { get; init; } = [];

    /// <summary>Sessions of the hour before, which the ledger had when the soak began.</summary>
    public IReadOnlyList<SessionEnded> EndedEarlier { get; init; } = [];
    public IReadOnlyList<InvocationSeen> Invocations { get; init; } = [];

    /// <summary>Events whose last attempt failed, and rotations that did, and whether anybody hears of it.</summary>
    public IReadOnlyList<FinalFailure> FinalFailures { get; init; } = [];

    /// <summary>Reasons that the README explains.</summary>
    public IReadOnlySet<string> KnownReasons { get; init; } = new HashSet<string>();

    public IReadOnlyList<FailoverSeen> Failovers { get; init; } = [];
    public IReadOnlyList<Writing> Texts { get; init; } = [];

    /// <summary>What must be in none of <see cref="Texts"/>.</summary>
    public IReadOnlyList<Canary> Canaries { get; init; } = [];

    public IReadOnlyList<SwitchWindow> Stops { get; init; } = [];

    /// <summary>What went wrong in the lab itself.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

/// <summary>A call that changes something.</summary>
/// <param name="At">When it arrived.</param>
/// <param name="Name">As <c>CreateDBSnapshot</c>.</param>
/// <param name="Action">As the ledger calls it; empty when no action of ours makes this call.</param>
/// <param name="Key">As the ledger has it: what is changed.</param>
/// <param name="TookEffect">Whatever the caller was told.</param>
internal sealed record MutatingCall(DateTimeOffset At, string Name, string Action, string Key, bool TookEffect)
{
    /// <summary>When it had taken effect at the latest, if it did.</summary>
    public DateTimeOffset AnsweredAt { get; init; } = At;

    /// <summary>The instance that it is about; empty where the call does not say so.</summary>
    public string Database { get; init; } = "";
}

/// <summary>An action record that was written.</summary>
internal sealed record ActionWritten
{
    public required DateTimeOffset At { get; init; }

    /// <summary>When it was written at the latest.</summary>
    public required DateTimeOffset AnsweredAt { get; init; }
    public required string Action { get; init; }
    public required string Key { get; init; }
    public required string Database { get; init; }
    public required string Incident { get; init; }
    public required string RequestId { get; init; }

    /// <summary>Whether it is about the password in the database, and not about the secret's label alone.</summary>
    public bool SetsPassword { get; init; }

    /// <summary>
    /// Whether nothing had happened yet when the record arrived: the session that is to be ended lived, the role did not have the new
    /// password. <c>null</c> where nobody could look.
    /// </summary>
    public bool? Untouched { get; init; }
}

/// <summary>One writer's rows: what it was told is kept, and what is there.</summary>
internal sealed record WrittenRows(string Writer, IReadOnlySet<long> Acknowledged, IReadOnlySet<long> Present);

/// <summary>A session that a storm opened.</summary>
/// <param name="Database">Where.</param>
/// <param name="Key">As in the ledger (<see cref="SessionKey"/>).</param>
/// <param name="What">For people.</param>
/// <param name="Protected">Must live, from the beginning or since its client came back to work.</param>
/// <param name="Lived">Until the storm was over.</param>
internal sealed record StormSession(string Database, string Key, string What, bool Protected, bool Lived)
{
    /// <summary>Its client came back to work at the moment at which it was chosen.</summary>
    public bool CameBack { get; init; }
}

/// <summary>A session that was ended, for the budget of an hour.</summary>
internal sealed record SessionEnded(string Database, DateTimeOffset At);

/// <summary>A snapshot as it stood on the shelf.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Database">Whose.</param>
/// <param name="Slot">From the tags; <c>null</c> of one that is not ours.</param>
/// <param name="Available">Whole.</param>
/// <param name="Held">By tag.</param>
internal sealed record ShelfSnapshot(string Id, string Database, DateTimeOffset? Slot, bool Available, bool Held = false);

/// <summary>A snapshot that was deleted, and the shelf right before.</summary>
internal sealed record Deletion(string Id, IReadOnlyList<ShelfSnapshot> Shelf);

/// <summary>An application's login with its secret's current value, after it all.</summary>
internal sealed record LastLogin(string Database, string Role, string? Error);

/// <summary>A login of an application while everything happened, with what its secret said.</summary>
/// <param name="Database">Where.</param>
/// <param name="From">When it began.</param>
/// <param name="To">When it ended.</param>
/// <param name="GotIn">Whether it succeeded.</param>
/// <param name="WrongPassword">Whether it failed by its password, read anew from the secret, and by nothing else.</param>
internal sealed record LoginSeen(string Database, DateTimeOffset From, DateTimeOffset To, bool GotIn, bool WrongPassword);

/// <summary>An invocation of a function.</summary>
internal sealed record InvocationSeen
{
    public required DateTimeOffset BegunAt { get; init; }
    public required DateTimeOffset EndedAt { get; init; }
    public required string Function { get; init; }
    public required string RequestId { get; init; }
    public required bool Succeeded { get; init; }
    public string ErrorType { get; init; } = "";
    public string ErrorMessage { get; init; } = "";

    /// <summary>Decision, reason and sentence of each database.</summary>
    public IReadOnlyList<OutcomeSeen> Outcomes { get; init; } = [];

    /// <summary>Of a failed one: this very attempt wrote an error.</summary>
    public bool FailureIsLogged { get; init; }

    /// <summary>Its process did not survive it.</summary>
    public bool ProcessEnded { get; init; }

    /// <summary>The soak killed the process while it ran.</summary>
    public bool WasKilled { get; init; }
}

/// <summary>What a function said of a database.</summary>
internal sealed record OutcomeSeen(string Decision, string Reason, string Summary);

/// <summary>What no retry mended.</summary>
internal sealed record FinalFailure(string What, bool Told);

/// <summary>A failover that RDS accepted.</summary>
internal sealed record FailoverSeen(string Database, DateTimeOffset AcceptedAt, DateTimeOffset? EndedAt);

/// <summary>Something that people or machines may read.</summary>
/// <param name="Kind">One of <see cref="SoakTexts"/>.</param>
/// <param name="Source">Whose.</param>
/// <param name="Text">What.</param>
internal sealed record Writing(string Kind, string Source, string Text);

/// <summary>A secret by its looks.</summary>
/// <param name="Name">Whose; never the value.</param>
/// <param name="Value">What to look for.</param>
/// <param name="NotIn">A kind of writing that has it by the lab's own doing.</param>
internal sealed record Canary(string Name, string Value, string? NotIn = null)
{
    public override string ToString() => $"{nameof(Canary)} {Name}";
}

/// <summary>The kill switch was thrown.</summary>
/// <param name="ThrownAt">When it could be read by everybody.</param>
/// <param name="LiftedAt">When somebody began to lift it.</param>
internal sealed record SwitchWindow(DateTimeOffset ThrownAt, DateTimeOffset LiftedAt)
{
    public bool Contains(DateTimeOffset at) => at > ThrownAt && at < LiftedAt;
}
