using System.Globalization;

namespace Automation.Storage;

/// <summary>Sizes and times as people write them.</summary>
internal static class Words
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>812 bytes, 64.0 MiB, 1.5 TiB.</summary>
    public static string Bytes(double bytes)
    {
        var unit = 0;
        for (; Math.Abs(bytes) >= 1024 && unit < Units.Length - 1; unit++) bytes /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture)} {Units[unit]}");
    }

    /// <summary>40 minutes, 6 hours, 12 days.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: > 0 and < 2 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} seconds"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} minutes"),
        { TotalDays: < 3 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0} hours"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0} days"),
    };

    public static string Days(double days) => Span(TimeSpan.FromDays(days));

    public static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
