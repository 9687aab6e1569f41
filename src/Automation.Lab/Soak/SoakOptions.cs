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
}
