using System.Collections;
using System.Globalization;

namespace Amazon.Lambda.RuntimeSupport.Logging;

/// <summary>One <c>{name:format}</c> of a message template (the token), with its argument.</summary>
internal readonly record struct MessageProperty(string Token, string Name, string? Format, object? Value)
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <summary>The value in the message's text. What is no single value keeps its token and shows as a property only.</summary>
    public string Text => Value is null or IList or IDictionary ? Token : TextOf(Value, Format);

    public static string TextOf(object value, string? format) => value switch
    {
        DateTime time when format is null => time.ToString(TimeFormat, CultureInfo.InvariantCulture),
        DateTimeOffset time when format is null => time.ToString(TimeFormat, CultureInfo.InvariantCulture),
        IFormattable formattable => Formatted(formattable, format),
        _ => value.ToString() ?? "",
    };

    private static string Formatted(IFormattable value, string? format)
    {
        try
        {
            return value.ToString(format, CultureInfo.InvariantCulture);
        }
        catch (FormatException)
        {
            // A wrong format must not cost the record.
            return value.ToString(null, CultureInfo.InvariantCulture);
        }
    }
}
