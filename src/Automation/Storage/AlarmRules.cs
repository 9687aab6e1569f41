using System.Globalization;

namespace Automation.Storage;

/// <summary>Whether the alarms on a database's free storage still fit it. Pure.</summary>
internal static class AlarmRules
{
    /// <summary>AWS recommends a tenth of the size. Half of it warns late, and what is below that was made for a smaller disk.</summary>
    public const double Recommended = 0.10, Outgrown = 0.05, TooEarly = 0.50;

    /// <returns>A sentence for each alarm that does not fit.</returns>
    public static IReadOnlyList<string> Of(IEnumerable<StorageAlarm> alarms, string instanceId, int allocatedGiB)
    {
        var size = allocatedGiB * (double)(1L << 30);
        var right = string.Create(CultureInfo.InvariantCulture, $"a tenth of {allocatedGiB} GiB is {size * Recommended:0} bytes");
        var sentences = new List<string>();
        foreach (var alarm in alarms.Where(alarm => alarm.InstanceId == instanceId))
        {
            if (alarm.ThresholdBytes < size * Outgrown)
                sentences.Add(string.Create(CultureInfo.InvariantCulture, $"alarm {alarm.Name} is raised below {alarm.ThresholdBytes:0} bytes free, {alarm.ThresholdBytes / size:P1} of the disk: made for a smaller one; {right}"));
            if (alarm.ThresholdBytes > size * TooEarly)
                sentences.Add(string.Create(CultureInfo.InvariantCulture, $"alarm {alarm.Name} is raised below {alarm.ThresholdBytes:0} bytes free, {alarm.ThresholdBytes / size:P0} of the disk: it stays raised for most of the disk's life; {right}"));
            if (alarm.BreachesWithoutData)
                sentences.Add($"alarm {alarm.Name} is raised by missing data too, and such an alarm is refused: set its missing data treatment to missing");
        }
        return sentences;
    }
}
