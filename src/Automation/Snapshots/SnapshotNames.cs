using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Automation.Fleet;

namespace Automation.Snapshots;

/// <summary>
/// Identifiers of our snapshots: <c>auto-orders-20261121-0600</c>. Made from database and slot alone, so that RDS itself
/// refuses a second one.
/// </summary>
internal static class SnapshotNames
{
    /// <summary>Tries of one slot, when snapshots fail.</summary>
    public const int Attempts = 3;

    private const string Prefix = "auto-";

    // RDS: DB snapshots have up to 255 characters, those of clusters 63, which the cluster's own name may use up.
    private const int LongestOfInstance = 255, LongestOfCluster = 63;

    /// <param name="kind">What it is a snapshot of.</param>
    /// <param name="database">Identifier of the instance or cluster.</param>
    /// <param name="slot">The slot it is taken for.</param>
    /// <param name="attempt">1, or more when those before failed.</param>
    public static string Of(DatabaseKind kind, string database, DateTimeOffset slot, int attempt) =>
        Fit(kind, database, Stamp(slot) + (attempt == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{attempt}")));

    /// <summary>
    /// A copy's: with the Region it came from, because a database of the same name may have snapshots of its own at the
    /// destination.
    /// </summary>
    public static string OfCopy(DatabaseKind kind, string database, DateTimeOffset slot, string fromRegion, int attempt) =>
        Fit(kind, database, $"{Stamp(slot)}-{fromRegion}" + (attempt == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{attempt}")));

    /// <summary>Whether a name is one that we give to a snapshot of this slot or, where a Region is named, to a copy of it.</summary>
    public static bool IsOf(string id, DatabaseKind kind, string database, DateTimeOffset slot, string? fromRegion) =>
        Enumerable.Range(1, Attempts).Any(attempt => id == (fromRegion is null ? Of(kind, database, slot, attempt) : OfCopy(kind, database, slot, fromRegion, attempt)));

    private static string Stamp(DateTimeOffset slot) => slot.UtcDateTime.ToString("yyyyMMdd-HHmm", CultureInfo.InvariantCulture);

    private static string Fit(DatabaseKind kind, string database, string suffix)
    {
        var longest = kind == DatabaseKind.Cluster ? LongestOfCluster : LongestOfInstance;
        var whole = $"{Prefix}{database}-{suffix}";
        if (whole.Length <= longest) return whole;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(database)))[..8];
        var room = longest - $"{Prefix}-{hash}-{suffix}".Length;
        // An identifier has no two hyphens in a row.
        return $"{Prefix}{database[..room].TrimEnd('-')}-{hash}-{suffix}";
    }
}
