using System.Globalization;
using System.Text;

namespace AWSSDK.SourceGenerator.Json;

/// <summary>A strict JSON parser: what is not JSON is an error with its position.</summary>
internal sealed class JsonParser
{
    private readonly string text;
    private int at;

    private JsonParser(string text) => this.text = text;

    /// <exception cref="FormatException">The text is not one JSON value.</exception>
    public static JsonValue Parse(string text)
    {
        var parser = new JsonParser(text);
        var value = parser.Value();
        parser.SkipSpace();
        return parser.at == text.Length ? value : throw parser.Unexpected("the end");
    }

    private JsonValue Value()
    {
        SkipSpace();
        return Peek() switch
        {
            '{' => Object(),
            '[' => Array(),
            '"' => new JsonValue { Text = String() },
            't' => Word("true", new JsonValue { IsTrue = true }),
            'f' => Word("false", new JsonValue()),
            'n' => Word("null", new JsonValue()),
            _ => Number(),
        };
    }

    private JsonValue Object()
    {
        var result = new JsonValue();
        Expect('{');
        SkipSpace();
        if (Accept('}')) return result;
        do
        {
            SkipSpace();
            var name = String();
            SkipSpace();
            Expect(':');
            result.Add(name, Value());
            SkipSpace();
        }
        while (Accept(','));
        Expect('}');
        return result;
    }

    private JsonValue Array()
    {
        var result = new JsonValue();
        Expect('[');
        SkipSpace();
        if (Accept(']')) return result;
        do
        {
            result.Items.Add(Value());
            SkipSpace();
        }
        while (Accept(','));
        Expect(']');
        return result;
    }

    private string String()
    {
        Expect('"');
        var result = new StringBuilder();
        while (Peek() is var next && next != '"')
        {
            if (next < ' ') throw Unexpected("a character of a string");
            at++;
            result.Append(next == '\\' ? Escaped() : next);
        }
        at++;
        return result.ToString();
    }

    private char Escaped()
    {
        var escape = Peek();
        at++;
        switch (escape)
        {
            case '"' or '\\' or '/': return escape;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when at + 4 <= text.Length
                && ushort.TryParse(text.Substring(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                at += 4;
                return (char)code;
            default:
                throw Unexpected("an escape");
        }
    }

    private JsonValue Number()
    {
        var start = at;
        while (at < text.Length && text[at] is >= '0' and <= '9' or '-' or '+' or '.' or 'e' or 'E') at++;
        var digits = text.Substring(start, at - start);
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? new JsonValue { Text = digits }
            : throw Unexpected("a value");
    }

    private JsonValue Word(string word, JsonValue value)
    {
        foreach (var letter in word) Expect(letter);
        return value;
    }

    private void SkipSpace()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\r' or '\n') at++;
    }

    private char Peek() => at < text.Length ? text[at] : throw Unexpected("more text");

    private bool Accept(char wanted)
    {
        if (Peek() != wanted) return false;
        at++;
        return true;
    }

    private void Expect(char wanted)
    {
        if (!Accept(wanted)) throw Unexpected($"'{wanted}'");
    }

    private FormatException Unexpected(string wanted) =>
        new($"The service model is not JSON: expected {wanted} at character {at}.");
}
