namespace Automation.Lab.Account;

/// <summary>EventBridge's <c>wildcard</c>: <c>*</c> stands for any characters; <c>\*</c> and <c>\\</c> for themselves.</summary>
internal sealed class Wildcard
{
    // The literal text between asterisks, in order.
    private readonly IReadOnlyList<string> parts;

    private Wildcard(IReadOnlyList<string> parts) => this.parts = parts;

    /// <exception cref="FormatException">Two asterisks in a row, or a backslash before anything else.</exception>
    public static Wildcard Parse(string pattern, string path)
    {
        var parts = new List<string> { "" };
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '*')
            {
                if (i > 0 && pattern[i - 1] == '*' && parts[^1].Length == 0)
                    throw new FormatException($"event pattern {path}: 'wildcard' may not have two asterisks in a row");
                parts.Add("");
                continue;
            }
            if (pattern[i] == '\\' && (++i == pattern.Length || pattern[i] is not ('*' or '\\')))
                throw new FormatException($"event pattern {path}: 'wildcard' has a backslash that escapes neither * nor \\");
            parts[^1] += pattern[i];
        }
        return new Wildcard(parts);
    }

    public bool Matches(string text)
    {
        if (parts.Count == 1) return text == parts[0];
        if (!text.StartsWith(parts[0], StringComparison.Ordinal)) return false;
        var position = parts[0].Length;
        // The leftmost fit of each part leaves the most room for the next, so no other fit need be tried.
        foreach (var part in parts.Skip(1).SkipLast(1))
        {
            var found = text.IndexOf(part, position, StringComparison.Ordinal);
            if (found < 0) return false;
            position = found + part.Length;
        }
        return text.Length - position >= parts[^1].Length && text.EndsWith(parts[^1], StringComparison.Ordinal);
    }
}
