using Automation.Fleet;
using Automation.Snapshots;

namespace Automation.Tests.Snapshots.Year;

/// <summary>A snapshot in the simulated RDS, with what only RDS or the person who made it knows.</summary>
internal sealed class SimulatedSnapshot
{
    private Snapshot? view;
    private string status = "";

    public required string Region { get; init; }
    public required DatabaseKind Kind { get; init; }
    public required string Id { get; init; }

    /// <summary>Name of the database when it was made.</summary>
    public required string DatabaseId { get; init; }

    /// <summary>Which database it truly holds.</summary>
    public required string Owner { get; init; }

    /// <summary>Made by the automation.</summary>
    public required bool Ours { get; init; }

    public required DateTimeOffset Begun { get; init; }

    /// <summary>When RDS is done with it, one way or the other.</summary>
    public required DateTimeOffset Ends { get; init; }

    /// <summary>What it is then.</summary>
    public required bool Good { get; init; }

    public required SimulatedSnapshot? Source { get; init; }
    public required Dictionary<string, string> Tags { get; init; }
    public required string? KmsKeyId { get; init; }

    /// <summary>The slot that the automation took it for.</summary>
    public required DateTimeOffset? Slot { get; init; }

    public HashSet<string> Accounts { get; } = [];
    public DateTimeOffset? CreatedAt { get; private set; }
    public bool IsAvailable => status == "available";
    public bool IsUnderway => status is "creating" or "copying";
    public bool Held => Tags.ContainsKey("automation:hold");
    public string Arn => $"arn:aws:rds:{Region}:{SimulatedRds.Account}:{(Kind == DatabaseKind.Cluster ? "cluster-snapshot" : "snapshot")}:{Id}";

    public string Status
    {
        get => status;
        init => status = value;
    }

    public Snapshot View => view ??= new Snapshot
    {
        Id = Id,
        Arn = Arn,
        Kind = Kind,
        Status = status,
        DatabaseId = DatabaseId,
        // Of a copy in another Region RDS need not tell.
        ResourceId = Source is null || Source.Region == Region ? Owner : null,
        CreatedAt = CreatedAt,
        Encrypted = KmsKeyId is not null,
        KmsKeyId = KmsKeyId,
        // RDS: of an instance's snapshot only "in the case of a cross-account or cross-Region copy".
        SourceArn = Source is null || (Kind == DatabaseKind.Instance && Source.Region == Region) ? null : Source.Arn,
        Tags = new Dictionary<string, string>(Tags),
    };

    public void Become(string next, DateTimeOffset now)
    {
        status = next;
        if (next == "available") CreatedAt = now;
        view = null;
    }

    public void Tag(string key, string? value)
    {
        if (value is null) Tags.Remove(key);
        else Tags[key] = value;
        view = null;
    }
}
