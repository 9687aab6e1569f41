using System.Globalization;

namespace Automation.Lab.Account;

/// <summary>EventBridge's six cron fields: minutes, hours, day of month, month, day of week, year.</summary>
/// <remarks>Rules: "Cron expressions reference", Amazon EventBridge user guide. Day of week 1 is Sunday.</remarks>
internal sealed class CronExpression
{
    private const int FirstYear = 1970, LastYear = 2199;
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private readonly int[] minutes;
    private readonly int[] hours;
    private readonly HashSet<int> months;
    private readonly HashSet<int> years;
    private readonly Func<DateOnly, bool> isDay;

    private CronExpression(string[] fields)
    {
        minutes = [.. Numbers(fields[0], "minutes", 0, 59, [])];
        hours = [.. Numbers(fields[1], "hours", 0, 23, [])];
        months = [.. Numbers(fields[3], "month", 1, 12, Months)];
        years = [.. Numbers(fields[5], "year", FirstYear, LastYear, [])];
        isDay = (fields[2], fields[4]) switch
        {
            ("?", "?") or (not "?", not "?") => throw new FormatException("cron: exactly one of day of month and day of week must be '?'"),
            (var day, "?") => DayOfMonth(day),
            (_, var day) => DayOfWeek(day),
        };
    }

    /// <exception cref="FormatException">Names the field at fault.</exception>
    public static CronExpression Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 6
            ? new CronExpression(fields)
            : throw new FormatException($"cron '{text}': expected 6 fields, found {fields.Length}");
    }

    /// <summary>The first minute strictly after <paramref name="after"/> that fits, or <c>null</c> when none ever does.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        for (var day = DateOnly.FromDateTime(after.UtcDateTime); day.Year <= LastYear; day = day.AddDays(1))
        {
            if (!years.Contains(day.Year) || !months.Contains(day.Month) || !isDay(day)) continue;
            var times = hours.SelectMany(hour => minutes.Select(minute =>
                new DateTimeOffset(day, new TimeOnly(hour, minute), TimeSpan.Zero)));
            foreach (var time in times)
            {
                if (time > after) return time;
            }
        }
        return null;
    }

    private static Func<DateOnly, bool> DayOfMonth(string field)
    {
        if (field == "L") return day => day.Day == DaysIn(day);
        if (field.EndsWith('W'))
        {
            var wanted = Number(field[..^1], "day of month", 1, 31, []);
            return day => day.Day == NearestWeekday(day, wanted);
        }
        var numbers = Numbers(field, "day of month", 1, 31, []).ToHashSet();
        return day => numbers.Contains(day.Day);
    }

    private static Func<DateOnly, bool> DayOfWeek(string field)
    {
        if (field.Split('#') is [var name, var occurrence])
        {
            var weekday = Number(name, "day of week", 1, 7, Days);
            var nth = Number(occurrence, "day of week", 1, 5, []);
            return day => Weekday(day) == weekday && (day.Day + 6) / 7 == nth;
        }
        if (field == "L") return day => Weekday(day) == 7;
        if (field.EndsWith('L'))
        {
            var weekday = Number(field[..^1], "day of week", 1, 7, Days);
            return day => Weekday(day) == weekday && day.Day + 7 > DaysIn(day);
        }
        var numbers = Numbers(field, "day of week", 1, 7, Days).ToHashSet();
        return day => numbers.Contains(Weekday(day));
    }

    private static int NearestWeekday(DateOnly month, int wanted)
    {
        var last = DaysIn(month);
        var day = Math.Min(wanted, last);
        return new DateOnly(month.Year, month.Month, day).DayOfWeek switch
        {
            // Never into a neighbouring month.
            System.DayOfWeek.Saturday => day == 1 ? 3 : day - 1,
            System.DayOfWeek.Sunday => day == last ? day - 2 : day + 1,
            _ => day,
        };
    }

    private static int Weekday(DateOnly day) => (int)day.DayOfWeek + 1;

    private static int DaysIn(DateOnly day) => DateTime.DaysInMonth(day.Year, day.Month);

    private static IEnumerable<int> Numbers(string field, string name, int low, int high, string[] words) =>
        field.Split(',').SelectMany(part => Range(part, name, low, high, words)).Distinct().Order();

    private static IEnumerable<int> Range(string part, string name, int low, int high, string[] words)
    {
        var (range, step) = part.Split('/') switch
        {
            [var whole] => (whole, (int?)null),
            [var from, var by] => (from, Number(by, name, 1, high, [])),
            _ => throw Wrong(name, part),
        };
        var (first, last) = range.Split('-') switch
        {
            ["*"] => (low, high),
            [var one] => (Number(one, name, low, high, words), step is null ? Number(one, name, low, high, words) : high),
            [var from, var to] => (Number(from, name, low, high, words), Number(to, name, low, high, words)),
            _ => throw Wrong(name, part),
        };
        if (last < first) throw Wrong(name, part);
        for (var value = first; value <= last; value += step ?? 1) yield return value;
    }

    private static int Number(string text, string name, int low, int high, string[] words)
    {
        var word = Array.FindIndex(words, w => w.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (word >= 0) return word + 1;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high
            ? number
            : throw Wrong(name, text);
    }

    private static FormatException Wrong(string field, string text) => new($"cron: '{text}' is no valid {field}");
}
