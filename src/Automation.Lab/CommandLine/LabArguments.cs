using System.Globalization;
using Automation.Lab.Incidents;
using Automation.Lab.Soak;

namespace Automation.Lab.CommandLine;

/// <summary>What the command line asks for.</summary>
internal abstract record LabArguments
{
    private const int DefaultSeed = 1, LongestSoak = 3600;
    private static readonly int ShortestSoak = (int)SoakPlan.Shortest.TotalSeconds;

    private LabArguments()
    {
    }

    /// <summary>Reads the arguments; every wrong one is a <see cref="Problem"/>, none is ignored.</summary>
    public static LabArguments Parse(string[] arguments) => arguments switch
    {
        _ when arguments.Any(argument => argument is "--help" or "-h") => new Help(),
        ["soak", .. var rest] => ParseSoak(rest),
        _ => ParseStory(arguments),
    };

    private static LabArguments ParseStory(IReadOnlyList<string> arguments)
    {
        var story = new Story();
        var reader = new OptionReader(arguments);
        while (reader.Next() is { } option)
        {
            switch (option)
            {
                case "--only" when reader.Value() is { } names:
                    var asked = names.Split(',', StringSplitOptions.TrimEntries);
                    if (asked.FirstOrDefault(name => !Incident.All.Contains(name, StringComparer.Ordinal)) is { } unknown)
                        return new Problem($"--only knows no '{unknown}', but {string.Join(", ", Incident.All)}");
                    story = story with { Incidents = [.. Incident.All.Where(name => asked.Contains(name, StringComparer.Ordinal) || (story.IsPart && story.Incidents.Contains(name)))], IsPart = true };
                    break;
                case "--report" when reader.Value() is { } file:
                    story = story with { Report = file };
                    break;
                case "--seed" when reader.Value() is { } text:
                    if (Number(text, 0, int.MaxValue) is not { } seed) return NotANumber(option, text, 0, int.MaxValue);
                    story = story with { Seed = seed };
                    break;
                case "--observe" when reader.IsBare:
                    story = story with { Observe = true };
                    break;
                case "--keep" when reader.IsBare:
                    story = story with { Keep = true };
                    break;
                case "--only" or "--report" or "--seed":
                    return new Problem($"{option} needs a value");
                default:
                    return Unknown(reader.Text);
            }
        }
        return story;
    }

    private static LabArguments ParseSoak(IReadOnlyList<string> arguments)
    {
        var options = new SoakOptions { Seed = DefaultSeed };
        var reader = new OptionReader(arguments);
        while (reader.Next() is { } option)
        {
            switch (option)
            {
                case "--seed" when reader.Value() is { } text:
                    if (Number(text, 0, int.MaxValue) is not { } seed) return NotANumber(option, text, 0, int.MaxValue);
                    options = options with { Seed = seed };
                    break;
                case "--seconds" when reader.Value() is { } text:
                    if (Number(text, ShortestSoak, LongestSoak) is not { } seconds) return NotANumber(option, text, ShortestSoak, LongestSoak);
                    options = options with { Length = TimeSpan.FromSeconds(seconds) };
                    break;
                case "--executable" when reader.Value() is { } file:
                    options = options with { Executable = file };
                    break;
                case "--log" when reader.Value() is { } file:
                    options = options with { Log = file };
                    break;
                case "--seed" or "--seconds" or "--executable" or "--log":
                    return new Problem($"{option} needs a value");
                default:
                    return Unknown(reader.Text);
            }
        }
        return new Soak(options);
    }

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;

    private static Problem NotANumber(string option, string text, int least, int most) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{option} takes a whole number from {least} to {most}, not '{text}'"));

    private static Problem Unknown(string argument) => new($"unknown argument '{argument}'; --help lists what there is");

    /// <summary>The story of the day, or some of its incidents.</summary>
    internal sealed record Story : LabArguments
    {
        /// <summary>Names of <see cref="Incident"/>, in the order of the day.</summary>
        public IReadOnlyList<string> Incidents { get; init; } = Incident.All;

        /// <summary>Whether the incidents were chosen.</summary>
        public bool IsPart { get; init; }

        /// <summary>Whether the functions run with <c>MODE=observe</c>.</summary>
        public bool Observe { get; init; }

        /// <summary>Whether the lab stays when the story is told, until Ctrl-C.</summary>
        public bool Keep { get; init; }

        /// <summary>The file for the report; <c>null</c>: none is wanted.</summary>
        public string? Report { get; init; }

        /// <summary>For everything that is random.</summary>
        public int Seed { get; init; } = DefaultSeed;

        public bool Tells(string incident) => Incidents.Contains(incident, StringComparer.Ordinal);
    }

    /// <summary>Everything at once.</summary>
    internal sealed record Soak(SoakOptions Options) : LabArguments;

    internal sealed record Help : LabArguments;

    /// <summary>What is wrong, in a sentence that names the argument.</summary>
    internal sealed record Problem(string Text) : LabArguments;
}
