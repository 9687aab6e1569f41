namespace Automation.Failover;

/// <summary>A row as it stands in the table of the test.</summary>
internal readonly record struct WrittenRow(int Lane, long Sequence, long Payload);

/// <summary>What became of every write: what clients were told, held against what the new writer has.</summary>
internal sealed record WriteCounts
{
    /// <summary>Rows that clients were told are committed.</summary>
    public required int Acknowledged { get; init; }

    /// <summary>Of these, rows that are not there, or are not what was written.</summary>
    public required int Lost { get; init; }

    /// <summary>Rows without a reliable answer that are there.</summary>
    public required int UnknownPresent { get; init; }

    public required int UnknownAbsent { get; init; }

    /// <summary>Rows that are there more than once.</summary>
    public required int Duplicated { get; init; }

    /// <summary>Rows that are there although they were refused, never sent, or not of this test at all.</summary>
    public required int Unexpected { get; init; }

    /// <summary>The first of the lost, as <c>writer, fresh #812</c>.</summary>
    public required IReadOnlyList<string> FirstLost { get; init; }
}
