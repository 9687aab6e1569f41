using System.Text.RegularExpressions;

namespace Automation.Lab.Soak;

/// <summary>The reasons that the README explains.</summary>
internal static partial class ReadmeReasons
{
    private static readonly string[] Columns = ["Reason", "Reasons", "Ends well with"];

    /// <summary>The words in code font in the columns of reasons; a table about anything else explains none.</summary>
    /// <param name="readme">The whole text.</param>
    public static IReadOnlySet<string> Of(string readme)
    {
        var reasons = new HashSet<string>(StringComparer.Ordinal);
        int? column = null;
        var isInTable = false;
        foreach (var line in readme.Split('\n'))
        {
            if (!line.StartsWith('|'))
            {
                isInTable = false;
                continue;
            }
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (!isInTable)
            {
                var found = Array.FindIndex(cells, cell => Columns.Contains(cell, StringComparer.Ordinal));
                (isInTable, column) = (true, found < 0 ? null : found);
            }
            else if (column is { } at && at < cells.Length) reasons.UnionWith(Code().Matches(cells[at]).Select(match => match.Groups[1].Value));
        }
        return reasons;
    }

    [GeneratedRegex("`([a-z][a-z0-9-]*)`")]
    private static partial Regex Code();
}
