using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Automation.Storage.Bytes;

/// <summary>A <see cref="ByteTable"/> as the ledger remembers it until the next one is compared with it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ByteTable))]
internal sealed partial class ByteTableJson : JsonSerializerContext
{
    /// <summary>Of one table in UTF-8: what the ledger keeps uncut.</summary>
    public const int Longest = Ledger.LedgerItems.LongestBefore;

    /// <summary>
    /// At most <see cref="Longest"/> bytes of JSON: the smallest relations are left out first, then what a comparison needs
    /// least; the sums by part always stay.
    /// </summary>
    public static string Write(ByteTable table)
    {
        while (true)
        {
            var json = JsonSerializer.Serialize(table, Default.ByteTable);
            if (Encoding.UTF8.GetByteCount(json) <= Longest) return json;
            table = Smaller(table);
        }
    }

    /// <returns><c>null</c> when it is not one, or was cut: then there is nothing to compare with.</returns>
    public static ByteTable? Read(string? json)
    {
        if (json is null) return null;
        try
        {
            return JsonSerializer.Deserialize(json, Default.ByteTable);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ByteTable Smaller(ByteTable table) => table switch
    {
        { Relations.Count: > 0 } => table with { Relations = [.. table.Relations.OrderByDescending(one => one.Bytes).SkipLast(1)] },
        { Blind.Count: > 0 } => table with { Blind = [.. table.Blind.SkipLast(1)] },
        { XminHolders.Count: > 0 } => table with { XminHolders = [.. table.XminHolders.SkipLast(1)] },
        { TemporaryUsers.Count: > 0 } => table with { TemporaryUsers = [.. table.TemporaryUsers.SkipLast(1)] },
        { Slots.Count: > 1 } => table with { Slots = [.. table.Slots.OrderByDescending(one => one.RetainedBytes).SkipLast(1)] },
        _ => table with { Databases = [.. table.Databases.OrderByDescending(one => one.Bytes).SkipLast(1)], DatabasesLeftOut = table.DatabasesLeftOut + 1 },
    };
}
