using System.Globalization;
using Automation.Lab.Account;

namespace Automation.Lab.Snapshots;

/// <summary>A filter of a Describe call: any of its values.</summary>
internal sealed record SnapshotFilter(string Name, IReadOnlyList<string> Values)
{
    private const string Prefix = "Filters.Filter.";

    public static bool Is(string parameter) => parameter.StartsWith(Prefix, StringComparison.Ordinal);

    public static IReadOnlyList<SnapshotFilter> Read(AwsCall call)
    {
        var filters = new List<SnapshotFilter>();
        for (var i = 1; call.Parameter(Key(i, "Name")) is { } name; i++)
        {
            var values = new List<string>();
            while (call.Parameter(Value(i, values.Count + 1)) is { } value) values.Add(value);
            filters.Add(new SnapshotFilter(name, values));
        }
        return filters;
    }

    public static IEnumerable<KeyValuePair<string, string>> Write(IEnumerable<SnapshotFilter> filters) => filters.SelectMany((filter, i) =>
        filter.Values.Select((value, j) => KeyValuePair.Create(Value(i + 1, j + 1), value)).Prepend(KeyValuePair.Create(Key(i + 1, "Name"), filter.Name)));

    private static string Key(int filter, string field) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{filter}.{field}");

    private static string Value(int filter, int value) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{filter}.Values.Value.{value}");
}
