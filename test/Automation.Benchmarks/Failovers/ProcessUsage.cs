using System.Globalization;

namespace Automation.Benchmarks.Failovers;

/// <summary>What the kernel says of processes: proc(5).</summary>
internal static class ProcessUsage
{
    // USER_HZ, which is the same on every Linux of today whatever the kernel's own tick.
    private const double TicksOfSecond = 100;

    // In the fields after the program's name: the parent, and the four times.
    private const int Parent = 1, User = 11, System = 12, UserOfEnded = 13, SystemOfEnded = 14;

    /// <summary>Processor time of one process.</summary>
    public static TimeSpan Of(int process) => FieldsOf(process) is { } fields ? Time(fields, User, System) : TimeSpan.Zero;

    /// <summary>Processor time of a postmaster, of its processes, and of those that have ended.</summary>
    public static TimeSpan OfServer(int postmaster)
    {
        var own = FieldsOf(postmaster) is { } fields ? Time(fields, User, System, UserOfEnded, SystemOfEnded) : TimeSpan.Zero;
        var parent = postmaster.ToString(CultureInfo.InvariantCulture);
        var living = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Select(name => FieldsOf(int.Parse(name!, CultureInfo.InvariantCulture)))
            .Where(child => child?[Parent] == parent)
            .Select(child => Time(child!, User, System));
        return living.Aggregate(own, (sum, time) => sum + time);
    }

    /// <summary>Threads of this process.</summary>
    public static int Threads => StatusOf("Threads:");

    /// <summary>Resident memory of this process, MB.</summary>
    public static double ResidentMB => StatusOf("VmRSS:") / 1024.0;

    /// <summary>Sockets this process has open.</summary>
    public static int Sockets => new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos()
        .Count(file => file.LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);

    private static int StatusOf(string name) => int.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal),
        CultureInfo.InvariantCulture);

    private static string[]? FieldsOf(int process)
    {
        try
        {
            // The name may hold anything; fields are counted from its end.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            // It has ended.
            return null;
        }
    }

    private static TimeSpan Time(string[] fields, params int[] which) =>
        TimeSpan.FromSeconds(which.Sum(field => long.Parse(fields[field], CultureInfo.InvariantCulture)) / TicksOfSecond);
}
