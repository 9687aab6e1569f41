namespace Automation.Storage.Bytes;

/// <summary>One database of the server.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">All its files, large objects and indexes too; <c>null</c>: neither CONNECT nor pg_read_all_stats.</param>
/// <param name="TemporaryWritten">
/// Bytes of all temporary files since the statistics began (<c>pg_stat_database.temp_bytes</c>): PostgreSQL adds a file's when
/// the file is removed, those of parallel hashes too.
/// </param>
/// <param name="LargeObjects">Of <paramref name="Bytes"/>; <c>null</c>: it was not looked into.</param>
internal sealed record DatabaseBytes(string Name, long? Bytes, long? TemporaryWritten, long? LargeObjects = null);
