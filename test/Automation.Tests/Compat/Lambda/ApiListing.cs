namespace Automation.Tests.Compat.Lambda;

/// <summary>
/// The public members of a published package, as <c>Published/*.txt</c> lists them: a line for a type, then one, indented,
/// for each member.
/// </summary>
internal sealed class ApiListing
{
    private readonly Dictionary<string, HashSet<string>> types = [];

    public static ApiListing Load(string package)
    {
        var listing = new ApiListing();
        HashSet<string>? members = null;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Compat", "Lambda", "Published", $"{package}.txt")))
        {
            if (line.StartsWith("  ", StringComparison.Ordinal)) members!.Add(line.Trim());
            else if (line.Length > 0 && line[0] != '#') listing.types[line] = members = [];
        }
        return listing;
    }

    /// <summary>What the types have and the listing has not. A subset gives none.</summary>
    public IEnumerable<string> Foreign(IEnumerable<Type> candidates) =>
        candidates.SelectMany(type => Foreign(ApiText.Of(type), ApiText.MembersOf(type)));

    public IEnumerable<string> Foreign(string type, IEnumerable<string> members) => types.TryGetValue(type, out var published)
        ? members.Where(member => !published.Contains(member)).Select(member => $"{type}: {member}")
        : [type];
}
