using System.Globalization;

namespace Automation.Lab.Setup;

/// <summary>
/// One process of this boot: the kernel gives a process id out again, the pair of id and start time it does not.
/// </summary>
internal readonly record struct ProcessIdentity(int Id, ulong StartTicks)
{
    public static ProcessIdentity Current { get; } = Of(Environment.ProcessId)
        ?? throw new InvalidOperationException("/proc is needed to know the lab's own process.");

    public bool IsAlive => Of(Id) == this;

    public static ProcessIdentity? Of(int processId)
    {
        try
        {
            // Field 2 of /proc/PID/stat is the program's name in parentheses and may hold anything; fields after it are
            // counted from its end. The state is field 3, the start time field 22 (proc(5)).
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : new(processId, ulong.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static ProcessIdentity? Parse(string text) =>
        text.Split('.') is [var id, var ticks]
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var parsedId)
        && ulong.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var parsedTicks)
            ? new(parsedId, parsedTicks)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id}.{StartTicks}");
}
