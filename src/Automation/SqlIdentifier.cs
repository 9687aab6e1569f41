using System.Text;

namespace Automation;

/// <summary>Names of roles and databases as PostgreSQL takes them.</summary>
internal static class SqlIdentifier
{
    // NAMEDATALEN - 1. PostgreSQL cuts a longer name without a word, and the statement then meets another role.
    private const int LongestName = 63;

    // Strict: a lone surrogate would be sent as U+FFFD, which is another name.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What <see cref="IsName"/> asks for, in words.</summary>
    public const string Rule = "1 to 63 bytes of UTF-8 without NUL";

    /// <summary>Whether PostgreSQL can hold exactly this name.</summary>
    public static bool IsName(string text)
    {
        if (text.Length is 0 or > LongestName || text.Contains('\0', StringComparison.Ordinal)) return false;
        try
        {
            return Utf8.GetByteCount(text) <= LongestName;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>The name in double quotes, safe in any statement whatever it holds.</summary>
    /// <exception cref="ArgumentException">PostgreSQL cannot hold the name, or would cut it.</exception>
    public static string Quote(string name) => IsName(name)
        ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : throw new ArgumentException($"Expected a name of {Rule}.", nameof(name));
}
