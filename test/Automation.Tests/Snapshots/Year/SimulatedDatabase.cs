using Automation.Fleet;
using Automation.Snapshots;

namespace Automation.Tests.Snapshots.Year;

/// <summary>A database whose state, name and tags change during the year.</summary>
internal sealed class SimulatedDatabase
{
    private readonly Dictionary<string, string> tags = [];

    public required string Id { get; set; }
    public required DatabaseKind Kind { get; init; }
    public required string ResourceId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string Engine { get; init; } = "aurora-postgresql";
    public string? ClusterId { get; init; }
    public string? KmsKeyId { get; init; }

    /// <summary>As long as no snapshot of it is being taken.</summary>
    public string Status { get; set; } = "available";

    public SnapshotsPolicy? Policy { get; private set; }

    /// <summary>The tag's value; <c>null</c> takes the tag away.</summary>
    public string? Tag
    {
        get => tags.GetValueOrDefault("automation:snapshots");
        set
        {
            if (value is null) tags.Remove("automation:snapshots");
            else tags["automation:snapshots"] = value;
            var read = SnapshotsPolicy.Read(value ?? "off", out var fault);
            Policy = fault is null && !read.Off && ClusterId is null && Engine is "postgres" or "aurora-postgresql" ? read : null;
            if (fault is not null || read.Off || ClusterId is not null) Policy = null;
        }
    }

    public RdsDatabase View(bool backingUp) => new()
    {
        Id = Id,
        Kind = Kind,
        Arn = $"arn:aws:rds:{SimulatedRds.HomeRegion}:{SimulatedRds.Account}:{(Kind == DatabaseKind.Cluster ? "cluster" : "db")}:{Id}",
        ResourceId = ResourceId,
        Engine = Engine,
        EngineVersion = "17.4",
        Status = backingUp ? "backing-up" : Status,
        Host = null,
        Port = 5432,
        Tags = new Dictionary<string, string>(tags),
        ClusterId = ClusterId,
        CreatedAt = CreatedAt,
        MultiAz = false,
        IamAuthenticationEnabled = true,
    };
}
