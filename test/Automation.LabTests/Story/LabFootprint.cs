using System.Globalization;
using System.Text;
using Automation.Lab.Setup;

namespace Automation.LabTests.Story;

/// <summary>What one lab has on this machine, whatever else runs there: told from the kernel, not from the lab.</summary>
/// <param name="Processes">Those it started, by their names and ids.</param>
/// <param name="Listening">Inodes of the sockets at which it or they listen.</param>
/// <param name="Folders">Its folders in the temporary directory.</param>
internal sealed record LabFootprint(IReadOnlyList<string> Processes, IReadOnlySet<string> Listening, IReadOnlyList<string> Folders)
{
    private const string Listen = "0A"; // TCP_LISTEN, as /proc/net/tcp has it

    public static LabFootprint Of(ProcessIdentity lab)
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"rds-automation-lab-{lab.Id}-");
        var started = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Where(id => id != lab.Id && ProcessIdentity.Of(id) is not null && IsOf(id, lab, folder)).ToList();
        var open = started.Append(lab.Id).SelectMany(SocketsOf).ToHashSet(StringComparer.Ordinal);
        return new LabFootprint(
            [.. started.Select(id => $"{Read($"/proc/{id}/comm").Trim()} ({id})")],
            StillListening(open),
            [.. Directory.EnumerateDirectories(LabDirectory.Base, folder + "*")]);
    }

    /// <summary>Which of these sockets somebody still listens at, whoever it is.</summary>
    public static HashSet<string> StillListening(IReadOnlySet<string> inodes) =>
        [.. Read("/proc/net/tcp").Split('\n').Concat(Read("/proc/net/tcp6").Split('\n'))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[3] == Listen && inodes.Contains(fields[9])).Select(fields => fields[9])];

    // Every process carries its lab's identity; PostgreSQL writes its title over that, and works in a folder of the lab.
    private static bool IsOf(int id, ProcessIdentity lab, string folder) =>
        Read($"/proc/{id}/environ").Split('\0').Contains($"{OrphanedProcesses.OwnerVariable}={lab}", StringComparer.Ordinal)
        || Target($"/proc/{id}/cwd").Contains(folder, StringComparison.Ordinal);

    private static IEnumerable<string> SocketsOf(int id)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries($"/proc/{id}/fd").Select(Target)
                .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal)).Select(target => target["socket:[".Length..^1])];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // it ended meanwhile
        }
    }

    private static string Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Read(string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
