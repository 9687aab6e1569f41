namespace Automation.Lab.CommandLine;

/// <summary>Reads options one after the other; a value follows as <c>--name value</c> or <c>--name=value</c>.</summary>
internal sealed class OptionReader(IReadOnlyList<string> arguments)
{
    private int at = -1;
    private string? attached;

    /// <summary>The argument as it was given.</summary>
    public string Text => arguments[at];

    /// <summary>Whether no value is attached to it.</summary>
    public bool IsBare => attached is null;

    /// <summary>The next option's name; <c>null</c> at the end.</summary>
    public string? Next()
    {
        if (++at >= arguments.Count) return null;
        var equals = Text.StartsWith("--", StringComparison.Ordinal) ? Text.IndexOf('=', StringComparison.Ordinal) : -1;
        attached = equals < 0 ? null : Text[(equals + 1)..];
        return equals < 0 ? Text : Text[..equals];
    }

    /// <summary>The option's value; <c>null</c> when it has none: another option is not taken for one.</summary>
    public string? Value()
    {
        if (attached is { } value) return value.Length > 0 ? value : null;
        if (at + 1 >= arguments.Count || arguments[at + 1] is "" or ['-', ..]) return null;
        return arguments[++at];
    }
}
