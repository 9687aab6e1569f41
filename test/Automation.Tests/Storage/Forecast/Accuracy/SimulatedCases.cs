namespace Automation.Tests.Storage.Forecast.Accuracy;

/// <summary>Histories as databases have them.</summary>
internal static class SimulatedCases
{
    private const int Week = 7 * 24;
    private const int TwoWeeks = 15 * 24;

    /// <param name="seed">Of the noise and of what comes by chance.</param>
    public static IReadOnlyList<SimulatedCase> All(int seed)
    {
        // A day's curve on top of 0.25 GiB an hour, as the simulation of the six cases has it.
        static double Grown(double hour) => 242 + (0.25 * hour) + DayCurve(hour);
        double Night(int hour) => HourOfDay(hour) is 2 or 3 ? 25 + (20 * Chance(hour, seed)) : 0;

        return
        [
            // The six of the research.
            new("clean", Week, Grown),
            new("nightly spike of 35", Week, Grown) { Passing = hour => HourOfDay(hour) is 2 or 3 ? 35 : 0 },
            new("one cleanup of 40", Week, hour => Grown(hour) - (hour >= -70 ? 40 : 0)),
            new("one resize of 100", Week, Grown) { Allocated = 500, Resizes = [(-60, 100)] },
            new("spike in the last 2 hours", Week, Grown) { Passing = hour => hour > -2 ? 35 : 0 },
            new("all of these", Week, hour => Grown(hour) - (hour >= -70 ? 40 : 0))
            {
                Allocated = 500, Resizes = [(-60, 100)], Passing = hour => (HourOfDay(hour) is 2 or 3 ? 35 : 0) + (hour > -2 ? 35 : 0),
            },

            new("bulk load once", TwoWeeks, hour => Grown(hour) + Ramp(hour, -130, 3, 60)),
            new("bulk load yesterday", TwoWeeks, hour => Grown(hour) + Ramp(hour, -22, 3, 60)),
            new("weekly batch", TwoWeeks, hour => 242 + (25 * Math.Floor((hour + 50) / 168.0)) + Math.Min(25, 8 * ((hour + 50) - (168 * Math.Floor((hour + 50) / 168.0))))),
            new("weekly batch, by hand", TwoWeeks, hour => 242 + (hour >= -200 ? 25 : 0) + (hour >= -70 ? 25 : 0) + (25 * Math.Max(0, Math.Floor((hour + 20) / 168.0)))),
            new("weekly batch, 6 days known", 6 * 24, hour => 242 + (25 * Math.Floor((hour + 220) / 168.0))),
            new("partition dropped on Sundays", TwoWeeks, hour => 242 + (0.4 * hour) - (50 * Math.Floor((hour + 68) / 168.0))),
            new("vacuum full", TwoWeeks, hour => Grown(hour) - (hour >= -150 ? 45 : 0)) { Passing = hour => hour is >= -154 and < -150 ? 60 : 0 },
            new("vacuum full yesterday", TwoWeeks, hour => Grown(hour) - (hour >= -26 ? 45 : 0)) { Passing = hour => hour is >= -30 and < -26 ? 60 : 0 },
            new("storm of resizes", TwoWeeks, Grown) { Allocated = 460, Resizes = [(-110, 20), (-103, 22), (-96, 25), (-50, 27), (-43, 30)] },
            new("autoscaling after every spike", TwoWeeks, hour => 242 + (0.5 * hour))
            {
                Resizes = [(-300, 27), (-220, 30), (-140, 33), (-60, 36)],
                Passing = hour => new[] { -300, -220, -140, -60 }.Any(at => hour >= at - 2 && hour <= at + 1) ? 20 : 0,
            },
            new("resized while days are missing", TwoWeeks, Grown) { Resizes = [(-140, 60)], Missing = hour => hour is >= -160 and < -120 },
            new("missing days", TwoWeeks, Grown) { Missing = hour => hour is >= -200 and < -150 || hour is >= -40 and < -12 },
            new("spikes, many nights missing", TwoWeeks, Grown) { Passing = Night, Missing = hour => HourOfDay(hour) < 6 && Chance(hour / 24, seed + 1) < 0.4 },
            new("business hours, five days", TwoWeeks, hour => 242 + (2 * WorkingHours(hour))),
            new("business hours, one week known", Week, hour => 242 + (2 * WorkingHours(hour))),
            new("growth doubled 4 days ago", TwoWeeks, hour => Grown(hour) + (0.25 * Math.Max(0, hour + 96))),
            new("growth doubled 9 days ago", TwoWeeks, hour => Grown(hour) + (0.25 * Math.Max(0, hour + 216))),
            new("growth halved 9 days ago", TwoWeeks, hour => Grown(hour) - (0.125 * Math.Max(0, hour + 216))),
            new("growth stopped 10 days ago", TwoWeeks, hour => 242 + (0.25 * Math.Min(hour, -240)) + DayCurve(hour)),
            new("growth stopped 4 days ago", TwoWeeks, hour => 242 + (0.25 * Math.Min(hour, -96)) + DayCurve(hour)),
            new("growth that speeds up", TwoWeeks, hour => 242 + (0.25 * hour) + (0.0002 * hour * hour)),
            new("logs rotated daily", TwoWeeks, Grown) { Passing = hour => HourOfDay(hour + 7) * 0.8 },
            new("logs rotated every three days", TwoWeeks, Grown) { Passing = hour => (((hour + 1000) % 72) + 1) * 0.3 },
            new("slow growth, much noise", TwoWeeks, hour => 300 + (0.04 * hour)) { Noise = 2 },
            new("shrink, then growth", TwoWeeks, hour => hour < -120 ? 240 - (0.3 * (hour + 120)) : 240 + (0.3 * (hour + 120))),
            new("just two days", 48, Grown),
            new("flat, much noise", TwoWeeks, _ => 242) { Noise = 2 },
            new("random nightly sorts", TwoWeeks, Grown) { Passing = hour => HourOfDay(hour) is >= 1 and < 7 && Chance(hour, seed) < 0.5 ? 60 * Chance(hour, seed + 2) : 0 },
        ];
    }

    private static double DayCurve(double hour) => Math.Sin(2 * Math.PI * (hour + 5) / 24);

    /// <summary>Now is Wednesday noon: 12 on its clock.</summary>
    private static int HourOfDay(int hour) => (((hour + 12) % 24) + 24) % 24;

    private static double Ramp(double hour, double from, double hours, double gib) => gib * Math.Clamp((hour - from) / hours, 0, 1);

    /// <summary>Hours from 9 to 17 on Monday to Friday, since now or, negative, until then.</summary>
    private static double WorkingHours(double hour)
    {
        static double Since(double clock)
        {
            var (week, rest) = (Math.Floor(clock / 168), clock - (168 * Math.Floor(clock / 168)));
            var (day, time) = (Math.Floor(rest / 24), rest % 24);
            return (40 * week) + (8 * Math.Min(day, 5)) + (day < 5 ? Math.Clamp(time - 9, 0, 8) : 0);
        }
        const double WednesdayNoon = 48 + 12;
        return Since(hour + WednesdayNoon) - Since(WednesdayNoon);
    }

    private static double Chance(int hour, int seed) => new Random((seed * 100_003) + hour).NextDouble();
}
