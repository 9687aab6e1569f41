using System.Globalization;
using System.Text;
using Automation.Lab.Account;

namespace Automation.Lab.Snapshots;

/// <summary>
/// DescribeDBSnapshots, DescribeDBClusterSnapshots: moto answers with everything on one page, and gives all instances one
/// resource id.
/// </summary>
internal sealed class SnapshotReads(SnapshotParts parts)
{
    private const int FewestOnPage = 20, MostOnPage = 100;
    private const string ResourceId = "dbi-resource-id";

    public async Task<AwsAnswer> DescribeAsync(AwsCall call, SnapshotKind kind)
    {
        var (limit, after) = (PageLimit(call), Marker(call));
        var filters = SnapshotFilter.Read(call).ToLookup(f => f.Name == ResourceId && kind == SnapshotKind.Instance);
        var answer = await parts.Moto.SendAsync(call, call.Region,
        [
            .. call.Parameters.Where(p => p.Key is not ("MaxRecords" or "Marker" or "DbiResourceId") && !SnapshotFilter.Is(p.Key)),
            .. SnapshotFilter.Write(filters[false]),
        ]);
        if (!answer.Succeeded) return answer;

        var document = answer.Document();
        var list = document.Named(kind.Element + "s").Single();
        string[][] resources = [.. filters[true].Select(f => f.Values.ToArray()), .. call.Parameter("DbiResourceId") is { } id ? new[] { new[] { id } } : []];
        var wanted = list.Elements(list.Name.Namespace + kind.Element)
            .Where(e => resources.All(ids => ids.Contains(DatabaseDirectory.InstanceResourceId(e.Text(kind.DatabaseId) ?? ""))))
            .Where(e => string.CompareOrdinal(e.Text(kind.Id), after) > 0)
            .OrderBy(e => e.Text(kind.Id), StringComparer.Ordinal)
            .ToArray();
        var page = wanted.Take(limit).ToArray();
        foreach (var element in page) parts.View.Show(element, kind);
        list.ReplaceNodes(page.Cast<object>().ToArray());
        if (wanted.Length > limit) list.Parent!.Set("Marker", Convert.ToBase64String(Encoding.UTF8.GetBytes(page[^1].Text(kind.Id)!)));
        return answer.With(document);
    }

    private static int PageLimit(AwsCall call)
    {
        if (call.Parameter("MaxRecords") is not { } text) return MostOnPage;
        return int.TryParse(text, CultureInfo.InvariantCulture, out var limit) && limit is >= FewestOnPage and <= MostOnPage
            ? limit
            : throw SnapshotRefusal.InvalidParameter(call, $"Invalid value {text} for MaxRecords. Must be between {FewestOnPage} and {MostOnPage}");
    }

    // The id of the last one on the page before: what came or went meanwhile moves nothing else.
    private static string Marker(AwsCall call)
    {
        if (call.Parameter("Marker") is not { Length: > 0 } marker) return "";
        var id = new byte[marker.Length];
        return Convert.TryFromBase64String(marker, id, out var length)
            ? Encoding.UTF8.GetString(id, 0, length)
            : throw SnapshotRefusal.InvalidParameter(call, $"The request includes an invalid marker: {marker}");
    }
}
