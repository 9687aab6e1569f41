using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Amazon.DynamoDBv2.Model;
using Automation.Outcomes;

namespace Automation.Ledger;

/// <summary>Keys and attributes of the ledger's items (README, "Ledger").</summary>
internal static class LedgerItems
{
    /// <summary>Bytes kept of a before-image. DynamoDB allows 400 KB an item; this is for reading, not for restoring.</summary>
    public const int LongestBefore = 16 * 1024;

    public const string All = "all";

    public const string SwitchPartition = "switch";

    /// <summary>How long an action's record stays; template.yaml keeps the page of a failover test as long.</summary>
    public static readonly TimeSpan RecordsKept = TimeSpan.FromDays(400);

    // Fixed width, UTC: text order is time order.
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    // Far beyond the 14 days a message may wait in a dead-letter queue before it is sent again.
    private static readonly TimeSpan ClaimsKept = TimeSpan.FromDays(60);

    public static Dictionary<string, AttributeValue> SwitchKey(string which) => Key(SwitchPartition, which);

    public static Dictionary<string, AttributeValue> ClaimKey(string key) => Key("once#" + key, "once");

    public static Dictionary<string, AttributeValue> RecordKey(ActionRecord record) =>
        Key(RecordPartition(record.ResourceId), $"{Time(record.At)}#{record.Capability}#{record.Key}");

    public static string RecordPartition(string resourceId) => "database#" + resourceId;

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static AttributeValue Text(string text) => new() { S = text };

    public static AttributeValue Number(long number) => new() { N = number.ToString(CultureInfo.InvariantCulture) };

    public static AttributeValue Flag(bool flag) => new() { BOOL = flag };

    /// <summary>When DynamoDB may delete a claim, in Unix seconds.</summary>
    public static AttributeValue ClaimExpires(DateTimeOffset now) => Number((now + ClaimsKept).ToUnixTimeSeconds());

    public static Dictionary<string, AttributeValue> ToItem(ActionRecord record)
    {
        var item = RecordKey(record);
        item["at"] = Text(Time(record.At));
        item["resource_id"] = Text(record.ResourceId);
        item["capability"] = Text(record.Capability);
        item["key"] = Text(record.Key);
        item["action"] = Text(record.Action);
        item["database"] = Text(record.Database);
        item["mode"] = Text(Name(record.Mode));
        item["request_id"] = Text(record.RequestId);
        item["incident"] = Text(record.Incident);
        if (record.Group is { } group)
            item["group"] = new() { M = new() { ["role"] = Text(group.Role), ["application"] = Text(group.Application) } };
        item["before"] = Text(Cut(record.Before));
        item["result"] = Text(Name(record.Result));
        item["expires"] = Number((record.At + RecordsKept).ToUnixTimeSeconds());
        return item;
    }

    /// <exception cref="InvalidDataException">Somebody changed the item by hand: what cannot be read must not count as nothing.</exception>
    public static ActionRecord FromItem(Dictionary<string, AttributeValue> item) => new()
    {
        ResourceId = Required(item, "resource_id"),
        At = DateTimeOffset.TryParseExact(Required(item, "at"), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : throw Unreadable(item, "at"),
        Capability = Required(item, "capability"),
        Key = Required(item, "key"),
        Action = Required(item, "action"),
        Database = Required(item, "database"),
        Mode = Required(item, "mode") switch
        {
            "act" => Mode.Act,
            "observe" => Mode.Observe,
            _ => throw Unreadable(item, "mode"),
        },
        RequestId = Required(item, "request_id"),
        Incident = Required(item, "incident"),
        Group = item.GetValueOrDefault("group") is not { } group ? null
            : group.M is { } names && names.GetValueOrDefault("role")?.S is { } role && names.GetValueOrDefault("application")?.S is { } application
                ? new ActionGroup(role, application)
                : throw Unreadable(item, "group"),
        Before = Required(item, "before"),
        Result = Required(item, "result") switch
        {
            "unconfirmed" => ActionResult.Unconfirmed,
            "done" => ActionResult.Done,
            "vanished" => ActionResult.Vanished,
            "failed" => ActionResult.Failed,
            _ => throw Unreadable(item, "result"),
        },
        After = item.GetValueOrDefault("after")?.S,
    };

    public static string Name(ActionResult result) => result switch
    {
        ActionResult.Unconfirmed => "unconfirmed",
        ActionResult.Done => "done",
        ActionResult.Vanished => "vanished",
        ActionResult.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };

    private static string Name(Mode mode) => mode switch
    {
        Mode.Act => "act",
        Mode.Observe => "observe",
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "An action is not recorded for a database that is not touched."),
    };

    private static Dictionary<string, AttributeValue> Key(string partition, string sort) => new() { ["pk"] = Text(partition), ["sk"] = Text(sort) };

    private static string Required(Dictionary<string, AttributeValue> item, string name) =>
        item.GetValueOrDefault(name)?.S ?? throw Unreadable(item, name);

    private static InvalidDataException Unreadable(Dictionary<string, AttributeValue> item, string name) =>
        new($"Ledger item pk={item.GetValueOrDefault("pk")?.S}, sk={item.GetValueOrDefault("sk")?.S}: attribute '{name}' cannot be read.");

    /// <summary>At most <see cref="LongestBefore"/> bytes of it.</summary>
    public static string Cut(string text)
    {
        const string Mark = "...";
        if (Encoding.UTF8.GetByteCount(text) <= LongestBefore) return text;
        var bytes = new byte[LongestBefore - Mark.Length];
        // Stops before a character that does not fit whole.
        Utf8.FromUtf16(text, bytes, out _, out var written);
        return Encoding.UTF8.GetString(bytes, 0, written) + Mark;
    }
}
