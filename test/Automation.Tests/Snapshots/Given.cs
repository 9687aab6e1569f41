using Automation.Fleet;
using Automation.Snapshots;

namespace Automation.Tests.Snapshots;

/// <summary>A database and its snapshots as they should be; a test changes what it is about.</summary>
internal static class Given
{
    public const string Home = "eu-central-1", Away = "eu-west-1", Key = "arn:aws:kms:eu-central-1:123456789012:key/orders";
    public static readonly SnapshotTags Tags = new("automation");
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 7, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Slot = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    public static SnapshotsPolicy Policy(string tag = "") => SnapshotsPolicy.Read(tag, out var fault) is var policy && fault is null ? policy : throw new ArgumentException(fault.Why, nameof(tag));

    public static RdsDatabase Orders(string? tag = "", DatabaseKind kind = DatabaseKind.Instance, string status = "available", string id = "orders") => new()
    {
        Id = id, Kind = kind, Arn = $"arn:aws:rds:{Home}:123456789012:db:{id}", ResourceId = "db-ORDERS", Engine = "postgres", EngineVersion = "17.4", Status = status,
        Host = null, Port = 5432, Tags = tag is null ? new Dictionary<string, string>() : new() { ["automation:snapshots"] = tag },
        CreatedAt = Now - TimeSpan.FromDays(100), MultiAz = false, IamAuthenticationEnabled = true,
    };

    public static Snapshot Snapshot(DateTimeOffset slot, string status = "available", int attempt = 1, string region = Home, DateTimeOffset? begun = null)
    {
        var source = SnapshotNames.Of(DatabaseKind.Instance, "orders", slot, 1);
        var id = region == Home ? SnapshotNames.Of(DatabaseKind.Instance, "orders", slot, attempt) : SnapshotNames.OfCopy(DatabaseKind.Instance, "orders", slot, Home, attempt);
        var sourceArn = region == Home ? null : $"arn:aws:rds:{Home}:123456789012:snapshot:{source}";
        return new()
        {
            Id = id, Arn = $"arn:aws:rds:{region}:123456789012:snapshot:{id}", Kind = DatabaseKind.Instance, Status = status, DatabaseId = "orders",
            ResourceId = region == Home ? "db-ORDERS" : null, CreatedAt = status == "available" ? slot + TimeSpan.FromMinutes(10) : null,
            Encrypted = true, KmsKeyId = Key, SourceArn = sourceArn,
            Tags = sourceArn is null ? Tags.Of("db-ORDERS", slot, begun ?? slot) : Tags.OfCopy("db-ORDERS", slot, begun ?? slot, sourceArn),
        };
    }

    public static OwnSnapshot Own(DateTimeOffset slot, string status = "available", int attempt = 1, string region = Home, DateTimeOffset? begun = null) =>
        Tags.Read(Snapshot(slot, status, attempt, region, begun))!;

    public static Place Place(string region, params IReadOnlyList<OwnSnapshot> own) => new()
    {
        Region = region, Own = own, Others = [], Names = own.Select(snapshot => snapshot.Id).ToHashSet(),
    };

    public static Destination Destination(params IReadOnlyList<OwnSnapshot> copies) => new(Away, Place(Away, copies), new CopyKey.Usable("arn:aws:kms:eu-west-1:123456789012:key/copies"));
}
