using System.Globalization;
using Automation.Storage;

namespace Automation.Tests.Storage;

public sealed class AlarmRulesTests
{
    private const double Tenth = 100 * Given.GiB / 10;

    private static StorageAlarm Alarm(double? threshold, bool breaching = false, string instance = "orders") => new("orders-free-storage", instance, threshold, breaching);

    // Of 100 GiB. Fits: from a twentieth to a half.
    [Theory]
    [InlineData(0.001, "made for a smaller one")]
    [InlineData(0.049, "made for a smaller one")]
    [InlineData(0.05, null)]
    [InlineData(0.10, null)]
    [InlineData(0.50, null)]
    [InlineData(0.501, "most of the disk's life")]
    [InlineData(0.99, "most of the disk's life")]
    [InlineData(3, "most of the disk's life")]
    public void Threshold_AsAPartOfTheDisk_FitsOrIsTold(double share, string? told)
    {
        var sentences = AlarmRules.Of([Alarm(share * 100 * Given.GiB)], "orders", 100);

        if (told is null) Assert.Empty(sentences);
        else Assert.Contains(told, Assert.Single(sentences), StringComparison.Ordinal);
    }

    // What has to be typed into the alarm: bytes, without separators or a comma, in every culture.
    [Theory]
    [InlineData(100, "10737418240 bytes")]
    [InlineData(20, "2147483648 bytes")]
    [InlineData(65536, "7036874417766 bytes")]
    public void Sentence_SaysTheRightThresholdInBytes(int allocatedGiB, string bytes)
    {
        var before = CultureInfo.CurrentCulture;
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NumberGroupSeparator) = (",", ".");
        CultureInfo.CurrentCulture = german;
        try
        {
            var sentence = Assert.Single(AlarmRules.Of([Alarm(1)], "orders", allocatedGiB));

            Assert.Contains("orders-free-storage", sentence, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\d,\d", sentence);
            Assert.EndsWith($"a tenth of {allocatedGiB} GiB is {bytes}", sentence, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    // An alarm grown out of: the disk is three times as large as when a tenth of it was chosen.
    [Fact]
    public void Threshold_ThatFitted_IsOutgrownByTheDisk()
    {
        Assert.Empty(AlarmRules.Of([Alarm(Tenth)], "orders", 100));
        Assert.Single(AlarmRules.Of([Alarm(Tenth)], "orders", 300));
    }

    // Metric math and anomaly detection have units of their own.
    [Fact]
    public void Threshold_ThatIsNotKnown_IsNotJudged() => Assert.Empty(AlarmRules.Of([Alarm(null)], "orders", 100));

    [Fact]
    public void MissingData_ThatBreaches_IsToldWhateverTheThreshold()
    {
        Assert.Contains("missing data", Assert.Single(AlarmRules.Of([Alarm(Tenth, breaching: true)], "orders", 100)), StringComparison.Ordinal);
        Assert.Contains("missing data", Assert.Single(AlarmRules.Of([Alarm(null, breaching: true)], "orders", 100)), StringComparison.Ordinal);
        Assert.Equal(2, AlarmRules.Of([Alarm(1, breaching: true)], "orders", 100).Count);
    }

    [Fact]
    public void Alarm_OfAnotherInstance_IsNotToldHere()
    {
        Assert.Empty(AlarmRules.Of([Alarm(1, breaching: true, instance: "invoices")], "orders", 100));
        Assert.Empty(AlarmRules.Of([], "orders", 100));
    }
}
