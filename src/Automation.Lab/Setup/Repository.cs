namespace Automation.Lab.Setup;

/// <summary>The checkout this program was built in: where <c>template.yaml</c>, <c>events/</c> and <c>sql/</c> are.</summary>
internal static class Repository
{
    private const string Mark = "Automation.sln";

    /// <summary>The folder that holds the solution.</summary>
    /// <exception cref="DirectoryNotFoundException">The program was moved out of its checkout.</exception>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The full path of a file or folder of the repository.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Mark))) return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No {Mark} in {start} or above it: run from a build inside the repository.");
    }
}
