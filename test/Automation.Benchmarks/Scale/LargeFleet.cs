using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Amazon.RDS.Model;
using Automation.Benchmarks.Storage;
using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Lab.Snapshots;

namespace Automation.Benchmarks.Scale;

/// <summary>
/// Many databases with their snapshots and metrics in the lab's RDS API. The lab answers about one database and one snapshot; every
/// other is that answer with another name, in pages of 100 as RDS gives them, so that next to nothing of what is measured is the
/// server's.
/// </summary>
internal sealed class LargeFleet
{
    /// <summary>Of each database: one a day.</summary>
    public const int SnapshotsOfEach = 10;

    /// <summary>Keeps all of these snapshots; and a volume that may be grown.</summary>
    public static readonly IReadOnlyDictionary<string, string> Tags = new Dictionary<string, string>
    {
        ["automation:snapshots"] = "every=1d hourly=0 daily=14 weekly=0 monthly=0 yearly=0 min=1",
        ["automation:storage"] = "act max=500",
    };

    private const string Model = "model", Mark = "automation:";
    private const int Page = 100;

    private readonly ConcurrentDictionary<(string Action, int Databases, bool IsDue), IReadOnlyList<byte[]>> pages = new();
    private readonly string instance, snapshot;

    private LargeFleet(string instance, string snapshot) => (this.instance, this.snapshot) = (instance, snapshot);

    /// <summary>How many there are.</summary>
    public int Databases { get; set; } = 1;

    /// <summary>Whether today's snapshot is missing, of every database.</summary>
    public bool IsDue { get; set; }

    public static async Task<LargeFleet> CreateAsync(LabAccount account, string region, CancellationToken cancellation)
    {
        var answers = new ConcurrentDictionary<string, string>();
        foreach (var (action, element) in new[] { ("DescribeDBInstances", "DBInstance"), ("DescribeDBSnapshots", "DBSnapshot") })
        {
            account.Endpoint.After("rds", action, (_, answer, _) =>
            {
                if (answer.Document().Named(element).FirstOrDefault() is { } one) answers[action] = one.ToString(SaveOptions.DisableFormatting);
                return ValueTask.FromResult(answer);
            });
        }
        await account.RegisterAsync(new LabDatabase
        {
            Id = Model, Endpoint = new Automation.Lab.Account.DatabaseEndpoint("localhost", 1), EngineVersion = "17.5", AllocatedStorageGiB = 400, Tags = Tags,
            CreatedAt = DateTimeOffset.UtcNow.AddDays(-60),
        }, cancellation);
        using var clients = new LabClients(account.Endpoint.Uri, LabClients.Anybody, region);
        await clients.Rds.CreateDBSnapshotAsync(new CreateDBSnapshotRequest
        {
            DBInstanceIdentifier = Model, DBSnapshotIdentifier = Name(Model, 0),
            Tags =
            [
                new Tag { Key = $"{Mark}managed-by", Value = "automation" }, new Tag { Key = $"{Mark}slot", Value = SlotText(0) },
                new Tag { Key = $"{Mark}source", Value = DatabaseDirectory.InstanceResourceId(Model) },
            ],
        }, cancellation);
        await account.Snapshots.Changes.FirstAsync(change => !change.IsUnderway, cancellation);
        await clients.Rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest(), cancellation);
        await clients.Rds.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest(), cancellation);

        var fleet = new LargeFleet(answers["DescribeDBInstances"], answers["DescribeDBSnapshots"]);
        account.Endpoint.Before("rds", "DescribeDBInstances", (call, _) => fleet.AnswerAsync(call, "DBInstance"));
        account.Endpoint.Before("rds", "DescribeDBSnapshots", (call, _) => fleet.AnswerAsync(call, "DBSnapshot"));
        account.Endpoint.Before("rds", "CreateDBSnapshot", (call, _) => fleet.CreateAsync(call));
        // An empty ledger that takes everything: its own times, and moto's, are not what is measured.
        account.Endpoint.Before("dynamodb", null, (_, _) => ValueTask.FromResult<AwsAnswer?>(new AwsAnswer
        {
            Status = 200, ContentType = "application/x-amz-json-1.0", Body = """{"Count":0,"Items":[],"ScannedCount":0,"Attributes":{"owner":{"S":"benchmark"},"attempt":{"N":"1"},"lease_until":{"N":"4102444800000"}}}"""u8.ToArray(),
        }));
        account.Endpoint.Before("monitoring", "GetMetricData", (call, _) => ValueTask.FromResult<AwsAnswer?>(new AwsAnswer
        {
            Status = 200, ContentType = "application/x-amz-json-1.0", Body = Encoding.UTF8.GetBytes(MetricAnswers.Of(call.Body)),
        }));
        return fleet;
    }

    /// <summary>The slot that is today, or so many days before.</summary>
    private static DateTimeOffset Slot(int daysAgo) => new DateTimeOffset(DateTime.UtcNow.Date, TimeSpan.Zero).AddDays(-daysAgo);

    private static string SlotText(int daysAgo) => Slot(daysAgo).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Name(string database, int daysAgo) => string.Create(CultureInfo.InvariantCulture, $"auto-{database}-{Slot(daysAgo):yyyyMMdd-HHmm}");

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"database-{number:0000}");

    private ValueTask<AwsAnswer?> AnswerAsync(AwsCall call, string element)
    {
        var all = pages.GetOrAdd((call.Action, Databases, IsDue), _ => [.. (element == "DBInstance" ? Instances() : Snapshots()).Chunk(Page).Select((page, number) =>
            Encoding.UTF8.GetBytes(Body(call.Action, element, string.Concat(page), (number + 1) * Page < Count(element) ? Figures.Text($"{number + 1}") : null)))]);
        var wanted = call.Parameter("Marker") is { Length: > 0 } marker ? int.Parse(marker, CultureInfo.InvariantCulture) : 0;
        return ValueTask.FromResult<AwsAnswer?>(new AwsAnswer { Status = 200, ContentType = "text/xml", Body = all[wanted] });
    }

    /// <summary>Begun, and seen by nobody: the next round finds it missing again.</summary>
    private ValueTask<AwsAnswer?> CreateAsync(AwsCall call)
    {
        var made = snapshot.Replace(Name(Model, 0), call.Parameter("DBSnapshotIdentifier")!, StringComparison.Ordinal)
            .Replace(Model, call.Parameter("DBInstanceIdentifier")!, StringComparison.Ordinal);
        return ValueTask.FromResult<AwsAnswer?>(new AwsAnswer
        {
            Status = 200, ContentType = "text/xml",
            Body = Encoding.UTF8.GetBytes($"<CreateDBSnapshotResponse xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\"><CreateDBSnapshotResult>{made}</CreateDBSnapshotResult></CreateDBSnapshotResponse>"),
        });
    }

    private int Count(string element) => element == "DBInstance" ? Databases : Databases * (SnapshotsOfEach - (IsDue ? 1 : 0));

    private IEnumerable<string> Instances() => Enumerable.Range(0, Databases).Select(number => Rename(instance, NameOf(number)));

    private IEnumerable<string> Snapshots() =>
        from number in Enumerable.Range(0, Databases)
        from days in Enumerable.Range(IsDue ? 1 : 0, SnapshotsOfEach - (IsDue ? 1 : 0))
        let time = Slot(days).AddMinutes(7).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        select Rename(Taken(snapshot.Replace(Name(Model, 0), Name(NameOf(number), days), StringComparison.Ordinal).Replace(SlotText(0), SlotText(days), StringComparison.Ordinal), time), NameOf(number));

    private static string Rename(string text, string name) => text
        .Replace(DatabaseDirectory.InstanceResourceId(Model), DatabaseDirectory.InstanceResourceId(name), StringComparison.Ordinal)
        .Replace($">{Model}<", $">{name}<", StringComparison.Ordinal).Replace($":{Model}<", $":{name}<", StringComparison.Ordinal);

    private static string Taken(string text, string time)
    {
        var element = XElement.Parse(text);
        element.Set("SnapshotCreateTime", time);
        element.Set("OriginalSnapshotCreateTime", time);
        return element.ToString(SaveOptions.DisableFormatting);
    }

    private static string Body(string action, string element, string content, string? marker) =>
        $"<{action}Response xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\"><{action}Result><{element}s>{content}</{element}s>"
        + (marker is null ? "" : $"<Marker>{marker}</Marker>") + $"</{action}Result></{action}Response>";
}
