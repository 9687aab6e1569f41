using Automation.Fleet;
using Automation.Ledger;
using Automation.Storage.Bytes;

namespace Automation.Storage;

/// <summary>Asks the database what its bytes are, and compares with an earlier day that the ledger remembers.</summary>
internal sealed class Diagnosing(ByteTableReader reader, IMemory memory, TimeProvider time)
{
    private const string What = "storage-bytes";

    /// <summary>Growth over a longer time says little about today's.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(14);

    /// <summary>Growth over less is noise: a checkpoint, a sort.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromHours(6);

    /// <param name="database">Whose volume it is.</param>
    /// <param name="allocatedGiB">Of the volume; of Aurora, what it uses.</param>
    /// <param name="usedBytes"><c>null</c> when nobody measured it.</param>
    /// <param name="cancellation">The run's deadline.</param>
    public async Task<(Diagnosis Diagnosis, ByteTable? Table)> LookAsync(RdsDatabase database, int allocatedGiB, double? usedBytes, CancellationToken cancellation)
    {
        if (database.Host is null) return (Diagnoses.Unseen("it has no endpoint"), null);
        var read = await reader.ReadAsync(database, cancellation);
        if (!read.Succeeded(out var table, out var failure)) return (Diagnoses.Unseen(failure.Sentence.TrimEnd('.')), null);
        table = table with { Used = (long?)usedBytes };
        var earlier = await RememberedAsync(database.ResourceId, table, cancellation);
        return (Diagnoses.Of(CauseRules.Of(table, earlier, allocatedGiB)), table);
    }

    private async Task<ByteTable?> RememberedAsync(string resourceId, ByteTable table, CancellationToken cancellation)
    {
        try
        {
            var now = time.GetUtcNow();
            await memory.KeepAsync(resourceId, What, now, ByteTableJson.Write(table), cancellation);
            return ByteTableJson.Read(await memory.EarlierAsync(resourceId, What, now - Oldest, now, Apart, cancellation));
        }
        catch (Exception e) when (AwsFailure.Is(e, cancellation))
        {
            // What there is now says something without a comparison too.
            return null;
        }
    }
}
