namespace Automation.Snapshots;

/// <summary>What a policy says of the good snapshots of one database at one place, and nothing else: no holds, no statuses.</summary>
internal sealed class RetentionSelection
{
    private readonly int newest;
    private readonly RetentionTier[] tiers;
    private readonly int[][] places;

    // What goes goes for one of few reasons: which of the tiers have a newer one of its period, a bit each.
    private readonly string?[] phrases;

    /// <param name="policy">Negative counts are taken as 0, a minimum below 1 as 1.</param>
    /// <param name="newestFirst">Slots of the good snapshots, in this order.</param>
    public RetentionSelection(RetentionPolicy policy, ReadOnlySpan<DateTimeOffset> newestFirst)
    {
        newest = Math.Max(policy.Min, 1);
        tiers = RetentionTier.Of(policy);
        phrases = new string?[1 << tiers.Length];
        places = new int[tiers.Length][];
        for (var i = 0; i < tiers.Length; i++) tiers[i].Place(newestFirst, places[i] = new int[newestFirst.Length]);
    }

    /// <param name="index">Of the slot.</param>
    public bool Keeps(int index) => index < newest || IsInTier(index);

    /// <summary>For people: "hourly 1 of 8, daily 1 of 7"; why it goes, where nothing keeps it.</summary>
    /// <param name="index">Of the slot.</param>
    public string Why(int index)
    {
        var ofTiers = tiers.Index().Where(tier => places[tier.Index][index] > 0)
            .Select(tier => $"{tier.Item.Name} {places[tier.Index][index]} of {tier.Item.Count}");
        if (IsInTier(index)) return string.Join(", ", ofTiers);
        return index < newest ? $"one of the newest {newest}" : WhyNot(index);
    }

    private bool IsInTier(int index) => Array.Exists(places, tier => tier[index] > 0);

    private string WhyNot(int index)
    {
        var superseded = 0;
        for (var i = 0; i < tiers.Length; i++)
            if (places[i][index] == RetentionTier.Superseded) superseded |= 1 << i;
        return phrases[superseded] ??= WhyNotPhrase(superseded);
    }

    private string WhyNotPhrase(int superseded)
    {
        List<string> outlived = [], periods = [];
        for (var i = 0; i < tiers.Length; i++)
        {
            if ((superseded & 1 << i) != 0) periods.Add(tiers[i].Period);
            else if (tiers[i].Count > 0) outlived.Add($"{tiers[i].Count} {tiers[i].Name}");
        }
        return (outlived.Count, periods.Count) switch
        {
            (0, 0) => "no tier keeps it: all are 0",
            (0, _) => $"no tier keeps it: a newer one stands for its {Listing(periods)}",
            (_, 0) => $"no tier keeps it: older than {Listing(outlived)} ones",
            _ => $"no tier keeps it: older than {Listing(outlived)} ones, a newer one stands for its {Listing(periods)}",
        };
    }

    private static string Listing(List<string> words) => words is [var only] ? only : $"{string.Join(", ", words[..^1])} and {words[^1]}";
}
