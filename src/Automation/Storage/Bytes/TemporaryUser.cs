namespace Automation.Storage.Bytes;

/// <summary>A session, with its parallel workers, that has temporary files now.</summary>
internal sealed record TemporaryUser
{
    /// <summary>Of the session, and of its workers' leader; <c>null</c>: the files' names hold none.</summary>
    public required int? Pid { get; init; }

    public required long Bytes { get; init; }

    public required int Files { get; init; }

    /// <summary><c>null</c>: the session is gone or hidden from us.</summary>
    public string? Role { get; init; }

    public string? Application { get; init; }

    public string? Address { get; init; }

    public string? Database { get; init; }

    /// <summary>When the session began, which makes <see cref="Pid"/> unique.</summary>
    public DateTimeOffset? BackendStart { get; init; }

    /// <summary>When its statement began.</summary>
    public DateTimeOffset? Since { get; init; }
}
