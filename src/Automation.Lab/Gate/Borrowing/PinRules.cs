using System.Text;
using System.Text.RegularExpressions;
using Automation.Lab.Gate.Protocol;

namespace Automation.Lab.Gate.Borrowing;

/// <summary>
/// What makes RDS Proxy pin a session to its backend, as its user guide lists it for PostgreSQL ("Avoiding pinning"). Told from
/// the text, as the proxy does: a word in a string or comment may count, a function that does it inside is not seen.
/// </summary>
internal static partial class PinRules
{
    /// <summary>A longer statement pins whatever it says.</summary>
    public const int LongestText = 16 * 1024;

    private const byte Parse = (byte)'P';

    /// <param name="message">One message of a client, of a long one no less than its first <see cref="LongestText"/> bytes and a hundred.</param>
    /// <returns>A reason in kebab-case; <c>null</c>: it leaves the session free.</returns>
    public static string? ReasonOf(ReadOnlySpan<byte> message)
    {
        var rest = message.Length > 5 ? message[5..] : [];
        if (message.IsEmpty || message[0] is not (Message.SimpleQuery or Parse)) return null;
        if (message[0] == Parse)
        {
            if (rest.IndexOf((byte)0) is not 0 and var end) return end < 0 ? null : "named-statement";
            rest = rest[1..];
        }
        var text = rest.IndexOf((byte)0) is >= 0 and var length ? rest[..length] : rest;
        return text.Length > LongestText ? "long-text" : ReasonOf(Encoding.UTF8.GetString(text));
    }

    private static string? ReasonOf(string sql) =>
        SessionStatement().Match(sql) is { Success: true } statement ? statement.Groups["verb"].Value.ToLowerInvariant()
        : TemporaryObject().IsMatch(sql) ? "temporary-object"
        : SessionFunction().Match(sql) is { Success: true } function ? function.Groups["name"].Value.ToLowerInvariant().Replace('_', '-')
        : null;

    [GeneratedRegex(@"(?:\A|;)\s*(?<verb>SET|RESET|PREPARE|EXECUTE|DEALLOCATE|DISCARD|LISTEN|LOAD|DECLARE)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SessionStatement();

    [GeneratedRegex(@"\b(?:CREATE\s+(?:LOCAL\s+|GLOBAL\s+)?|INTO\s+)TEMP(?:ORARY)?\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TemporaryObject();

    [GeneratedRegex(@"\b(?<name>set_config|nextval|setval|pg_(?:try_)?advisory_\w+)\s*\(", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SessionFunction();
}
