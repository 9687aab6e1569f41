using Automation.Storage.Bytes;

namespace Automation.Storage;

/// <summary>Everything that is told of one volume.</summary>
internal sealed record StorageReport
{
    public required GrowthFacts Facts { get; init; }

    public required StoragePolicy Policy { get; init; }

    /// <summary><c>null</c> when the database was not asked, or did not let us look.</summary>
    public ByteTable? Table { get; init; }

    /// <summary>Alarms that do not fit, in sentences.</summary>
    public IReadOnlyList<string> Alarms { get; init; } = [];

    public ByteParts? Parts => Table is { } table && Facts.UsedBytes is { } used ? ByteRules.Compose(table, (long)used) : null;
}
