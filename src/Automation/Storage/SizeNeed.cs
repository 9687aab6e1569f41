namespace Automation.Storage;

/// <summary>What has to fit: what is there, and what comes until it may be grown again.</summary>
/// <param name="UsedBytes">By now.</param>
/// <param name="RatePerHour">Bytes; zero where no growth is known.</param>
/// <param name="Lasts">How long it has to last at that rate.</param>
internal sealed record SizeNeed(double UsedBytes, double RatePerHour, TimeSpan Lasts)
{
    public double GrowthBytes => RatePerHour * Lasts.TotalHours;

    public double Bytes => UsedBytes + GrowthBytes;
}
