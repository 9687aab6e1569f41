using System.Globalization;

namespace Automation.Lab.Soak;

/// <summary>What differs between two soaks.</summary>
internal sealed record SoakOptions
{
    /// <summary>Equal seeds give equal plans.</summary>
    public required int Seed { get; init; }

    /// <summary>For how long incidents begin; then everything is given time to end.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The program of the functions: by default as it was built with the lab.</summary>
    public string Executable { get; init; } = LocalLab.Executable;

    /// <summary>Where to keep what the functions wrote, for who wants to know why; <c>null</c>: nowhere.</summary>
    public string? Log { get; init; }

    /// <summary>Reads <c>--seed N --seconds N --executable PATH --log FILE</c>, each optional.</summary>
    /// <exception cref="ArgumentException">Says which word cannot be read.</exception>
    public static SoakOptions Read(IReadOnlyList<string> words)
    {
        var options = new SoakOptions { Seed = 1 };
        for (var n = 0; n < words.Count; n += 2)
        {
            var value = n + 1 < words.Count ? words[n + 1] : throw new ArgumentException($"{words[n]} needs a value");
            options = words[n] switch
            {
                "--seed" => options with { Seed = Number(words[n], value) },
                "--seconds" => options with { Length = TimeSpan.FromSeconds(Number(words[n], value)) },
                "--executable" => options with { Executable = value },
                "--log" => options with { Log = value },
                _ => throw new ArgumentException($"unknown argument: {words[n]}"),
            };
        }
        return options;
    }

    private static int Number(string name, string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new ArgumentException($"{name} must be a whole number, and is '{value}'");
}
