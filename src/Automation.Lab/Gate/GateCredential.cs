namespace Automation.Lab.Gate;

/// <summary>An access key of the lab's account and what its IAM policy allows on this endpoint.</summary>
internal sealed record GateCredential
{
    public required string SecretAccessKey { get; init; }

    /// <summary>Of temporary credentials: tokens must carry the same in <c>X-Amz-Security-Token</c>.</summary>
    public string? SessionToken { get; init; }

    /// <summary>When temporary credentials end, and every token signed with them.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Database users that <c>rds-db:connect</c> is allowed for; <c>null</c> allows all, empty allows none.</summary>
    public IReadOnlySet<string>? ConnectAs { get; init; }

    // A record prints its members: this one must not print its secrets.
    public override string ToString() => nameof(GateCredential);
}
