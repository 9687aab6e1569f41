using System.Globalization;

namespace Automation.Storage.Forecast;

/// <summary>How sizes, rates and times are written in a doubt.</summary>
internal static class Sizes
{
    public const double GiB = 1L << 30;

    public static string Of(double bytes) => Text($"{bytes / GiB:0.##} GiB");

    public static string ADay(double bytesAnHour) => Text($"{bytesAnHour * 24 / GiB:0.##} GiB a day");

    public static string Of(TimeSpan time) => time.TotalHours < 48 ? Text($"{time.TotalHours:0.#} hours") : Text($"{time.TotalDays:0.#} days");

    public static string At(DateTimeOffset time) => Text($"{time.UtcDateTime:yyyy-MM-dd HH:mm} UTC");

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
