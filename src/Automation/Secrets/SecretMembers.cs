using System.Text;
using System.Text.Json;

namespace Automation.Secrets;

/// <summary>
/// The members of a secret's JSON that we read, with their places in the text. The first fault is kept, whoever finds it:
/// what is read after it is not to be used.
/// </summary>
internal sealed class SecretMembers
{
    // Secrets Manager's own limit (SecretStringType).
    private const int LongestSecret = 65_536;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly Dictionary<string, (JsonElement Value, Range Place)> members = new(StringComparer.Ordinal);

    private SecretMembers() { }

    /// <summary>What is wrong, or <c>null</c> so far.</summary>
    public SecretFault? Fault { get; private set; }

    /// <summary>Reads the members of these names and passes over all others.</summary>
    public static SecretMembers Read(string json, params ReadOnlySpan<string> names)
    {
        var found = new SecretMembers();
        try
        {
            var text = Utf8.GetBytes(json);
            if (text.Length <= LongestSecret) found.Read(text, names);
            else found.Fail("secret", "at most 65536 bytes");
        }
        // Either message could quote the secret.
        catch (Exception e) when (e is JsonException or EncoderFallbackException)
        {
            found.Fail("secret", "one JSON object, without comments and with nothing after it");
        }
        return found;
    }

    /// <summary>Keeps the fault, unless there is one already.</summary>
    public void Fail(string field, string expected) => Fault ??= new SecretFault(field, expected);

    /// <summary>A member's value; <c>null</c> when it is absent or JSON's null, which templates write for "not set".</summary>
    public JsonElement? Find(string name) =>
        members.TryGetValue(name, out var member) && member.Value.ValueKind != JsonValueKind.Null ? member.Value : null;

    /// <summary>Where a member's value stands, in bytes of UTF-8.</summary>
    public Range PlaceOf(string name) => members[name].Place;

    /// <summary>A string that keeps a rule; <c>null</c> when it is absent or at fault.</summary>
    public string? Text(string name, Func<string, bool> isValid, string expected)
    {
        if (Find(name) is not { } value) return null;
        if (Text(value) is { } text && isValid(text)) return text;
        Fail(name, expected);
        return null;
    }

    /// <summary>A string that has to be there and keeps a rule; empty when it is at fault.</summary>
    public string RequiredText(string name, Func<string, bool> isValid, string expected)
    {
        if (Find(name) is null) Fail(name, expected);
        return Text(name, isValid, expected) ?? "";
    }

    /// <summary>A string's text, or <c>null</c> for what is no string or no valid text.</summary>
    public static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: JSON's grammar allows it, UTF-16 cannot hold it.
            return null;
        }
    }

    private void Read(byte[] text, ReadOnlySpan<string> names)
    {
        var reader = new Utf8JsonReader(text);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Name(ref reader);
            reader.Read();
            if (name is null || !names.Contains(name))
            {
                reader.Skip();
                continue;
            }
            var start = (int)reader.TokenStartIndex;
            var value = JsonElement.ParseValue(ref reader);
            // Of two, we could take one and another reader the other.
            if (!members.TryAdd(name, (value, start..(int)reader.BytesConsumed))) Fail(name, "a member that is there once");
        }
        // Makes the reader complain of anything that follows.
        reader.Read();
    }

    private static string? Name(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // no valid text, so none of ours
        }
    }
}
