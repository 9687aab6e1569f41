using Automation.Lab.Report;

namespace Automation.Lab.Soak;

/// <summary>What differs between two soaks.</summary>
internal sealed record SoakOptions
{
    private const UnixFileMode AnybodyRuns = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Equal seeds give equal plans.</summary>
    public required int Seed { get; init; }

    /// <summary>For how long incidents begin; then everything is given time to end.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The program of the functions: by default as it was built with the lab.</summary>
    public string Executable { get; init; } = LocalLab.Executable;

    /// <summary>Where to keep what the functions wrote, for who wants to know why; <c>null</c>: nowhere.</summary>
    public string? Log { get; init; }

    /// <summary>Which file cannot be used; asked before a run of minutes and not after it. <c>null</c>: all can.</summary>
    public string? Problem() =>
        !File.Exists(Executable) ? $"--executable '{Executable}' is not there: a program that was built is expected"
        : (File.GetUnixFileMode(Executable) & AnybodyRuns) == 0 ? $"--executable '{Executable}' may not be run: a program is expected"
        : Log is not null && ReportFile.Problem(Log) is { } wrong ? $"--log {wrong}"
        : null;
}
