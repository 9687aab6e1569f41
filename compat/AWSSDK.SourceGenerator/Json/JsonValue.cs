namespace AWSSDK.SourceGenerator.Json;

/// <summary>
/// A value of a service model. System.Text.Json is not part of a compiler's own assemblies, and an analyzer that ships
/// its own copy meets other analyzers' copies: the small subset that a model needs is read here.
/// </summary>
internal sealed class JsonValue
{
    public static readonly JsonValue Missing = new();

    private readonly Dictionary<string, JsonValue> byName = new(StringComparer.Ordinal);

    /// <summary>The members of an object, in the order of the file.</summary>
    public List<KeyValuePair<string, JsonValue>> Members { get; } = [];

    public List<JsonValue> Items { get; } = [];

    /// <summary>The text of a string, or the digits of a number; <c>null</c> for everything else.</summary>
    public string? Text { get; set; }

    public bool IsTrue { get; set; }

    public bool Exists => !ReferenceEquals(this, Missing);

    /// <summary>The member of that name, or <see cref="Missing"/>.</summary>
    public JsonValue this[string name] => byName.TryGetValue(name, out var value) ? value : Missing;

    public string Required(string name) =>
        this[name].Text ?? throw new FormatException($"The service model lacks the string '{name}'.");

    /// <summary>Refuses what the reader of this object does not know: a trait passed over would be a wrong message on the wire.</summary>
    public void AllowOnly(string subject, params string[] names)
    {
        foreach (var member in Members)
        {
            if (Array.IndexOf(names, member.Key) < 0)
                throw new FormatException($"{subject} of the service model has '{member.Key}', which this generator does not know.");
        }
    }

    public void Add(string name, JsonValue value)
    {
        if (byName.ContainsKey(name)) throw new FormatException($"The service model has '{name}' twice in one object.");
        byName.Add(name, value);
        Members.Add(new KeyValuePair<string, JsonValue>(name, value));
    }
}
