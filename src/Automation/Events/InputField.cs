using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Automation.Telemetry;

namespace Automation.Events;

/// <summary>
/// One field of an event and the path that leads to it, so that every complaint names the field. A field that is absent
/// or <c>null</c> is a field too, which is not present.
/// </summary>
internal readonly record struct InputField
{
    // AWS writes both 2019-10-02T17:04:40.989+0000 (alarm states) and 2019-10-02T17:04:40Z (EventBridge's own time).
    private static readonly string[] TimestampFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];

    private readonly JsonElement element;

    private InputField(JsonElement element, string path) => (this.element, Path) = (element, path);

    public string Path { get; }

    public bool IsPresent => element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>The event as a whole.</summary>
    public static InputField Root(JsonElement input) => new(input, "event");

    /// <summary>A member of this object; of several with the same name the last, as everywhere in .NET.</summary>
    public InputField Member(string name)
    {
        RequireObject();
        try
        {
            return new InputField(element.TryGetProperty(name, out var member) ? member : default, PathOf(name));
        }
        catch (InvalidOperationException)
        {
            // A member name with half a surrogate pair: JSON's grammar allows it, UTF-16 cannot hold it.
            throw new InvalidInputException(Path, "names of valid text", "an invalid character in one");
        }
    }

    /// <summary>A member of this object that may be there once only: of two, another reader could take the other.</summary>
    public InputField SingleMember(string name)
    {
        var member = Member(name);
        var all = element;
        var count = Decoded(() => all.EnumerateObject().Count(property => property.NameEquals(name)));
        return count <= 1 ? member : throw new InvalidInputException(member.Path, "one member of this name", "several");
    }

    public InputField RequireObject() => element.ValueKind == JsonValueKind.Object ? this : throw Unexpected("an object");

    /// <summary>An object with these members, or some of them, and no other.</summary>
    public void RequireMembers(params IReadOnlyCollection<string> names)
    {
        RequireObject();
        using var properties = element.EnumerateObject();
        foreach (var property in properties)
        {
            var name = Decoded(() => property.Name);
            if (!names.Contains(name)) throw new InvalidInputException(PathOf(Printable.Line(name, 60)), $"nothing of this name: known are {string.Join(", ", names)}", "a member");
        }
    }

    public IReadOnlyList<InputField> Items()
    {
        if (element.ValueKind != JsonValueKind.Array) throw Unexpected("an array");
        var path = Path;
        return [.. element.EnumerateArray().Select((item, at) => new InputField(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{at}]")))];
    }

    /// <summary>Name and text of every member; of several with the same name the last.</summary>
    public IReadOnlyDictionary<string, string> TextMembers()
    {
        RequireObject();
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        using var properties = element.EnumerateObject();
        foreach (var property in properties)
        {
            var name = Decoded(() => property.Name);
            members[name] = new InputField(property.Value, PathOf(Printable.Line(name, 60))).Text();
        }
        return members;
    }

    public string Text()
    {
        var text = element;
        return text.ValueKind == JsonValueKind.String ? Decoded(() => text.GetString()!) : throw Unexpected("a string");
    }

    /// <summary>A string of this form. The complaint tells its length and nothing else of it.</summary>
    public string Text(Regex form, string expected)
    {
        if (element.ValueKind != JsonValueKind.String) throw Unexpected(expected);
        var text = Text();
        return form.IsMatch(text) ? text
            : throw new InvalidInputException(Path, expected, string.Create(CultureInfo.InvariantCulture, $"a string of {text.Length} characters"));
    }

    public string? OptionalText() => IsPresent ? Text() : null;

    /// <summary>A string that must be exactly this one.</summary>
    public void RequireText(string expected)
    {
        var text = Text();
        if (!string.Equals(text, expected, StringComparison.Ordinal))
            throw new InvalidInputException(Path, $"\"{expected}\"", $"\"{Printable.Line(text, 60)}\"");
    }

    public DateTimeOffset Timestamp()
    {
        var text = Text();
        return TryReadTime(text, out var at)
            ? at.ToUniversalTime()
            : throw new InvalidInputException(Path, "a time like 2019-10-02T17:04:40.989+0000", $"\"{Printable.Line(text, 60)}\"");
    }

    /// <summary>A time as AWS writes it in events.</summary>
    public static bool TryReadTime(string text, out DateTimeOffset at) =>
        DateTimeOffset.TryParseExact(text, TimestampFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at);

    public int? OptionalInteger() => !IsPresent ? null
        : element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) ? number : throw Unexpected("a whole number");

    public bool? OptionalFlag() => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => IsPresent ? throw Unexpected("true or false") : null,
    };

    private string PathOf(string name) => Path == "event" ? name : $"{Path}.{name}";

    private T Decoded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            throw new InvalidInputException(Path, "valid text", "an invalid character");
        }
    }

    private InvalidInputException Unexpected(string expected) => new(Path, expected, element.ValueKind switch
    {
        JsonValueKind.Undefined => "nothing",
        JsonValueKind.Null => "null",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a string",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => "true or false",
    });
}
