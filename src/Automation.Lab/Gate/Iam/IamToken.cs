namespace Automation.Lab.Gate.Iam;

/// <summary>A token taken apart: <c>host:port/?Action=connect&amp;DBUser=…&amp;X-Amz-…</c>.</summary>
internal sealed record IamToken
{
    /// <summary>Host and port that the token was made for.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Decoded parameters.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>
    /// <c>null</c> when the text is no such token. One token has one spelling: a parameter that comes twice or is encoded
    /// in another way than SigV4 says is not a token.
    /// </summary>
    public static IamToken? Parse(string text)
    {
        var slash = text.IndexOf("/?", StringComparison.Ordinal);
        if (slash <= 0) return null;

        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in text[(slash + 2)..].Split('&'))
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || Decode(parameter[..equals]) is not { } name || Decode(parameter[(equals + 1)..]) is not { } value
                || !parameters.TryAdd(name, value)) return null;
        }
        return new IamToken { Endpoint = text[..slash], Parameters = parameters };
    }

    private static string? Decode(string text)
    {
        var decoded = Uri.UnescapeDataString(text);
        return string.Equals(Uri.EscapeDataString(decoded), text, StringComparison.Ordinal) ? decoded : null;
    }

    // A token is a password.
    public override string ToString() => nameof(IamToken);
}
