using System.Globalization;
using System.Text;

namespace Amazon.Lambda.RuntimeSupport.Logging;

/// <summary>
/// <c>"terminated {count} of {database}"</c> with arguments by order, or <c>"{0} of {1}"</c> by position. Text without
/// arguments is no template: what an attacker wrote into it stays text.
/// </summary>
internal static class MessageTemplate
{
    public static (string? Message, MessageProperty[] Properties) Apply(string? template, object?[]? arguments)
    {
        if (template is null || arguments is not { Length: > 0 }) return (template, []);

        var tokens = Tokens(template);
        var positional = IsPositional(tokens);
        var message = new StringBuilder(template.Length + 32);
        var properties = new List<MessageProperty>(tokens.Count);
        var end = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var index = positional ? int.Parse(token.Name, CultureInfo.InvariantCulture) : i;
            if (index >= arguments.Length) break;

            var property = new MessageProperty(template[token.Range], token.Name, token.Format, arguments[index]);
            properties.Add(property);
            message.Append(template, end, token.Range.Start.Value - end).Append(property.Text);
            end = token.Range.End.Value;
        }
        return (message.Append(template, end, template.Length - end).ToString(), [.. properties]);
    }

    private static List<Token> Tokens(string template)
    {
        var tokens = new List<Token>();
        for (var start = template.IndexOf('{', StringComparison.Ordinal); start >= 0; start = template.IndexOf('{', start))
        {
            // "{{" is a brace.
            if (start + 1 < template.Length && template[start + 1] == '{')
            {
                start += 2;
                continue;
            }
            var end = template.IndexOf('}', start);
            if (end < 0) break;
            if (end > start + 1) tokens.Add(Token.Parse(template, start, end));
            start = end;
        }
        return tokens;
    }

    /// <summary>All names are numbers, and none from 0 to the highest is missing.</summary>
    private static bool IsPositional(List<Token> tokens)
    {
        var positions = new HashSet<int>();
        foreach (var token in tokens)
        {
            if (!int.TryParse(token.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var position)) return false;
            positions.Add(position);
        }
        return positions.Count > 0 && positions.Max() == positions.Count - 1;
    }

    private readonly record struct Token(Range Range, string Name, string? Format)
    {
        public static Token Parse(string template, int start, int end)
        {
            // "@" asks for JSON by reflection, which trimming forbids: such a value is written as text, as a trimmed
            // function of the published runtime does.
            var inner = template.AsSpan(start + 1, end - start - 1).TrimStart('@');
            var colon = inner.IndexOf(':');
            return colon < 0
                ? new Token(start..(end + 1), inner.Trim().ToString(), null)
                : new Token(start..(end + 1), inner[..colon].Trim().ToString(), inner[(colon + 1)..].Trim().ToString());
        }
    }
}
