using System.Globalization;

namespace Automation.Snapshots;

/// <summary>Times and numbers as people write them.</summary>
internal static class Words
{
    public static string Age(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => "less than a minute",
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes} minutes"),
        { TotalDays: < 3 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours} hours"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays} days"),
    };

    public static string Count(int count, string one, string many) =>
        count == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{count} {many}");
}
