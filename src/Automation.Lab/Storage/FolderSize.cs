using System.IO.Enumeration;

namespace Automation.Lab.Storage;

/// <summary>How large a folder's files say they are.</summary>
internal static class FolderSize
{
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = 0,
        IgnoreInaccessible = true,
    };

    /// <summary>
    /// The sum of the files' lengths (st_size): holes count, as they do in PostgreSQL's own size functions. Files of a running
    /// server come and go meanwhile: one that is gone when it is looked at counts nothing.
    /// </summary>
    public static long Of(string folder) =>
        new FileSystemEnumerable<long>(folder, static (ref entry) => entry.Length, Everything)
        {
            ShouldIncludePredicate = static (ref entry) => !entry.IsDirectory,
        }.Sum();
}
