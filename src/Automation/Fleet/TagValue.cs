using System.Globalization;
using Automation.Telemetry;

namespace Automation.Fleet;

/// <summary>
/// Reads the value of a tag: at most one bare word and any number of <c>key=value</c>, with spaces between. The first
/// fault is kept and reading goes on with the fallback, so a policy reads every part and asks for <see cref="Fault"/> once:
/// <code>
/// var tag = TagValue.Read("act target=0.70 max=5", words: ["act", "observe", "off"], keys: ["target", "max"]);
/// var target = tag.Ratio("target", fallback: 0.8);
/// return tag.Fault is { } fault ? Refuse(fault) : new Policy(tag.Word, target);
/// </code>
/// </summary>
internal sealed class TagValue
{
    // AWS: a tag value has at most 256 characters.
    private const int Longest = 256;
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(3650);
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private TagValue()
    {
    }

    /// <summary>The bare word, if there is one.</summary>
    public string? Word { get; private set; }

    /// <summary>What was wrong first; <c>null</c> as long as nothing was.</summary>
    public MalformedTag? Fault { get; private set; }

    public static TagValue Read(string text, IReadOnlyCollection<string> words, IReadOnlyCollection<string> keys)
    {
        var tag = new TagValue();
        if (text.Length > Longest)
            tag.Fail(text, $"is longer than the {Longest} characters that AWS allows");
        else
            foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries)) tag.Take(word, words, keys);
        return tag;
    }

    /// <summary>Notes a fault of the policy's own, such as a missing part; an earlier fault stays.</summary>
    public void Fail(string word, string why) => Fault ??= new MalformedTag(Printable.Line(word, 60), why);

    /// <summary>A time such as <c>90s</c>, <c>5m</c>, <c>6h</c> or <c>7d</c>, more than nothing.</summary>
    public TimeSpan Duration(string key, TimeSpan fallback) =>
        Typed(key, fallback, ReadDuration, "is not a time such as 90s, 5m, 6h or 7d");

    /// <summary>A part of the whole: more than 0, at most 1.</summary>
    public double Ratio(string key, double fallback) => Typed(key, fallback,
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ratio) && ratio is > 0 and <= 1 ? ratio : null,
        "is not a number above 0 and up to 1, such as 0.70");

    public int PositiveInteger(string key, int fallback) =>
        Typed(key, fallback, ReadPositiveInteger, "is not a whole number above 0");

    public int WholeNumber(string key, int fallback) =>
        Typed(key, fallback, text => text == "0" ? 0 : ReadPositiveInteger(text), "is not a whole number");

    /// <summary>Parts separated by slashes; empty where the key is absent.</summary>
    public IReadOnlyList<string> List(string key)
    {
        if (!values.TryGetValue(key, out var text)) return [];
        var parts = text.Split('/');
        if (parts.Contains("")) Fail($"{key}={text}", "has an empty part between its slashes");
        return parts;
    }

    private void Take(string word, IReadOnlyCollection<string> words, IReadOnlyCollection<string> keys)
    {
        if (!word.All(IsAllowed))
        {
            Fail(word, "has a character that AWS does not allow in tag values");
            return;
        }
        if (word.Split('=', 2) is [var key, var value])
            TakePair(word, key, value, keys);
        else
            TakeWord(word, words);
    }

    private void TakePair(string word, string key, string value, IReadOnlyCollection<string> keys)
    {
        if (!keys.Contains(key)) Fail(word, $"is not known; known are {Listed(keys.Select(known => known + "="))}");
        else if (value.Length == 0) Fail(word, "has no value after the equals sign");
        else if (!values.TryAdd(key, value)) Fail(word, $"gives {key} a second time");
    }

    private void TakeWord(string word, IReadOnlyCollection<string> words)
    {
        if (!words.Contains(word)) Fail(word, $"is not known; known are {Listed(words)}");
        else if (Word is null) Word = word;
        else Fail(word, word == Word ? "is there twice" : $"contradicts {Word}");
    }

    private T Typed<T>(string key, T fallback, Func<string, T?> read, string why)
        where T : struct
    {
        if (!values.TryGetValue(key, out var text)) return fallback;
        if (read(text) is { } value) return value;
        Fail($"{key}={text}", why);
        return fallback;
    }

    private static TimeSpan? ReadDuration(string text)
    {
        if (text.Length < 2 || ReadPositiveInteger(text[..^1]) is not { } count) return null;
        double? seconds = text[^1] switch { 's' => count, 'm' => count * 60.0, 'h' => count * 3600.0, 'd' => count * 86400.0, _ => null };
        return seconds <= LongestDuration.TotalSeconds ? TimeSpan.FromSeconds(seconds.Value) : null;
    }

    private static int? ReadPositiveInteger(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } listed ? listed : "none";

    // AWS: letters, digits, spaces and _ . : / = + - @
    private static bool IsAllowed(char c) => char.IsLetterOrDigit(c) || c is '_' or '.' or ':' or '/' or '=' or '+' or '-' or '@';
}
