using System.Text;
using System.Text.RegularExpressions;
using Automation.Outcomes;
using Automation.Telemetry;

namespace Automation;

/// <summary>A function's environment, checked once at start. Defaults and meaning: README, "Environment of a function".</summary>
internal sealed partial record Settings
{
    // PostgreSQL cuts a longer name without a word, and would then name another role (NAMEDATALEN - 1).
    private const int LongestRoleName = 63;

    public required Mode Mode { get; init; }
    public required string TagPrefix { get; init; }
    public required string NotificationTopicArn { get; init; }
    public required string LedgerTableName { get; init; }
    public required StagingTag StagingTag { get; init; }
    public required string DatabaseUser { get; init; }
    public required string? CaBundlePath { get; init; }

    /// <summary>Accounts that snapshots may be shared with, whatever a tag says; usually none.</summary>
    public IReadOnlyList<string> ShareAccounts { get; init; } = [];

    /// <summary>S3 bucket that keeps the reports of failover tests; <c>null</c> when they are not kept.</summary>
    public string? ReportBucket { get; init; }

    /// <summary>Of the function itself, as Lambda says it; <c>null</c> outside of Lambda.</summary>
    public string? LogGroup { get; init; }

    /// <summary>Reads every variable; one that is set to nothing counts as not set, as an empty template parameter arrives.</summary>
    /// <exception cref="InvalidSettingException">A variable is missing or malformed; the message names it.</exception>
    public static Settings Read(Func<string, string?> variable) => new()
    {
        Mode = ReadMode(variable),
        TagPrefix = Read(variable, "TAG_PREFIX", "automation", IsTagPrefix,
            "1 to 100 of A-Z a-z 0-9 _ . : / = + - @, not beginning with aws: and not ending with a colon"),
        NotificationTopicArn = Read(variable, "NOTIFICATION_TOPIC_ARN", null, TopicArn().IsMatch,
            "the ARN of a standard SNS topic like arn:aws:sns:eu-central-1:123456789012:name"),
        LedgerTableName = Read(variable, "LEDGER_TABLE_NAME", null, TableName().IsMatch,
            "a DynamoDB table name: 3 to 255 of A-Z a-z 0-9 _ . -"),
        StagingTag = ReadStagingTag(variable),
        DatabaseUser = Read(variable, "DATABASE_USER", "automation", IsRoleName,
            "a PostgreSQL role name of at most 63 bytes, without control characters and not beginning with pg_"),
        CaBundlePath = Find(variable, "CA_BUNDLE_PATH"),
        ShareAccounts = Read(variable, "SHARE_ACCOUNTS", "", AccountList().IsMatch, "account ids of 12 digits, with commas between").Split(',', StringSplitOptions.RemoveEmptyEntries),
        LogGroup = Find(variable, "AWS_LAMBDA_LOG_GROUP_NAME"),
        ReportBucket = Find(variable, "REPORT_BUCKET") is null ? null : Read(variable, "REPORT_BUCKET", null, BucketName().IsMatch,
            "the name of an S3 bucket: 3 to 63 of a-z 0-9 . -, beginning and ending with a letter or digit, and no IP address"),
    };

    private static Mode ReadMode(Func<string, string?> variable) => Find(variable, "MODE") switch
    {
        null or "observe" => Mode.Observe,
        "act" => Mode.Act,
        var other => throw Invalid("MODE", "observe or act", other),
    };

    private static StagingTag ReadStagingTag(Func<string, string?> variable)
    {
        const string Name = "STAGING_TAG";
        var text = Find(variable, Name) ?? "environment=staging";
        return text.Split('=', 2) is [var key, var value] && TagKey().IsMatch(key) && !IsReserved(key) && TagText().IsMatch(value)
            ? new StagingTag(key, value)
            : throw Invalid(Name, "a tag as key=value, in characters that AWS allows in tags", text);
    }

    private static string Read(Func<string, string?> variable, string name, string? fallback, Func<string, bool> isValid, string expected) =>
        (Find(variable, name) ?? fallback) switch
        {
            null => throw new InvalidSettingException(name, expected, "nothing"),
            var value when isValid(value) => value,
            var value => throw Invalid(name, expected, value),
        };

    private static string? Find(Func<string, string?> variable, string name) => variable(name) is { Length: > 0 } value ? value : null;

    private static InvalidSettingException Invalid(string name, string expected, string found) =>
        new(name, expected, $"'{Printable.Line(found, 100)}'");

    private static bool IsTagPrefix(string text) => TagPrefixText().IsMatch(text) && !IsReserved(text) && !text.EndsWith(':');

    // AWS keeps this prefix to itself, in any case.
    private static bool IsReserved(string key) => key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase);

    private static bool IsRoleName(string text) => Encoding.UTF8.GetByteCount(text) <= LongestRoleName
        && !text.Any(char.IsControl) && !text.StartsWith("pg_", StringComparison.Ordinal);

    // \z, not $: $ would let a trailing line break through.
    [GeneratedRegex(@"\A[A-Za-z0-9_.:/=+@-]{1,100}\z")]
    private static partial Regex TagPrefixText();

    [GeneratedRegex(@"\A[\p{L}\p{Nd} _.:/+@-]{1,128}\z")]
    private static partial Regex TagKey();

    [GeneratedRegex(@"\A[\p{L}\p{Nd} _.:/=+@-]{1,256}\z")]
    private static partial Regex TagText();

    [GeneratedRegex(@"\Aarn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}\z")]
    private static partial Regex TopicArn();

    [GeneratedRegex(@"\A(?:[0-9]{12}(?:,[0-9]{12})*)?\z")]
    private static partial Regex AccountList();

    // "Bucket naming rules", S3 user guide.
    [GeneratedRegex(@"\A(?!xn--|sthree-)(?!(?:[0-9]+\.){3}[0-9]+\z)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z")]
    private static partial Regex BucketName();

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{3,255}\z")]
    private static partial Regex TableName();
}
