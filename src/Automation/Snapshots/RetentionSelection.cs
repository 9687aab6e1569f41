namespace Automation.Snapshots;

/// <summary>What a policy says of the good snapshots of one database at one place, and nothing else: no holds, no statuses.</summary>
internal sealed class RetentionSelection
{
    private readonly int newest;
    private readonly RetentionTier[] tiers;
    private readonly int[][] places;

    /// <param name="policy">Negative counts are taken as 0, a minimum below 1 as 1.</param>
    /// <param name="newestFirst">Slots of the good snapshots, in this order.</param>
    public RetentionSelection(RetentionPolicy policy, ReadOnlySpan<DateTimeOffset> newestFirst)
    {
        newest = Math.Max(policy.Min, 1);
        tiers = RetentionTier.Of(policy);
        places = new int[tiers.Length][];
        for (var i = 0; i < tiers.Length; i++) tiers[i].Place(newestFirst, places[i] = new int[newestFirst.Length]);
    }

    /// <param name="index">Of the slot.</param>
    public bool Keeps(int index) => index < newest || IsInTier(index);

    /// <summary>For people: "hourly 1 of 8, daily 1 of 7"; why it goes, where nothing keeps it.</summary>
    /// <param name="index">Of the slot.</param>
    public string Why(int index)
    {
        if (IsInTier(index)) return string.Join(", ", tiers.Select((tier, i) => $"{tier.Name} {places[i][index]} of {tier.Count}").Where((_, i) => places[i][index] > 0));
        return index < newest ? $"one of the newest {newest}" : WhyNot(index);
    }

    private bool IsInTier(int index) => Array.Exists(places, tier => tier[index] > 0);

    private string WhyNot(int index)
    {
        List<string> outlived = [], superseded = [];
        for (var i = 0; i < tiers.Length; i++)
        {
            if (places[i][index] == RetentionTier.Superseded) superseded.Add(tiers[i].Period);
            else if (tiers[i].Count > 0) outlived.Add($"{tiers[i].Count} {tiers[i].Name}");
        }
        return (outlived.Count, superseded.Count) switch
        {
            (0, 0) => "no tier keeps it: all are 0",
            (0, _) => $"no tier keeps it: a newer one stands for its {Listing(superseded)}",
            (_, 0) => $"no tier keeps it: older than {Listing(outlived)} ones",
            _ => $"no tier keeps it: older than {Listing(outlived)} ones, a newer one stands for its {Listing(superseded)}",
        };
    }

    private static string Listing(List<string> words) => words is [var only] ? only : $"{string.Join(", ", words[..^1])} and {words[^1]}";
}
