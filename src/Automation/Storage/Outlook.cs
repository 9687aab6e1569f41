using Automation.Storage.Forecast;

namespace Automation.Storage;

/// <summary>How full a volume is, and how long it lasts.</summary>
internal sealed record Outlook
{
    /// <summary><c>FreeStorageSpace</c>; <c>null</c> when there is no recent value.</summary>
    public required double? FreeBytes { get; init; }

    /// <summary>Bytes a second over days; <c>null</c> when it does not grow, or nobody knows.</summary>
    public double? SlowRate { get; init; }

    /// <summary>Bytes a second over the last hour, where it grows steadily and little is left; else <c>null</c>.</summary>
    public double? FastRate { get; init; }

    /// <summary><c>null</c> when it does not grow, or nobody knows.</summary>
    public DaysToFull? Days { get; init; }

    /// <summary>Why there is no forecast; <c>null</c> when there is one.</summary>
    public string? Unknown { get; init; }

    /// <summary>What makes the forecast uncertain.</summary>
    public IReadOnlyList<string> Doubts { get; init; } = [];
}
