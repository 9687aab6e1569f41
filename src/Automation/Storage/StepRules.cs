namespace Automation.Storage;

/// <summary>
/// The smallest size that RDS takes and that lasts. A limit that is lower than that gives what it allows, because no later step
/// could be bigger; a limit that is lower than the smallest step gives nothing. Pure.
/// </summary>
internal static class StepRules
{
    private const long GiB = 1L << 30;

    // RDS user guide, "Increasing DB instance storage capacity": at least 10 percent.
    private const int LeastPercent = 110;

    /// <summary>Baseline of gp3 on four volumes; what the smaller volume shows (3,000 and 125) is refused there.</summary>
    private const int BaselineIops = 12_000, BaselineThroughput = 500;

    /// <param name="volume">As RDS describes it.</param>
    /// <param name="neededBytes">What has to fit.</param>
    /// <param name="limits"><see cref="LimitRules.Of"/>.</param>
    public static Step Of(Volume volume, double neededBytes, IReadOnlyList<SizeLimit> limits)
    {
        var least = LeastGiB(volume.AllocatedGiB);
        var limit = limits.MinBy(one => one.GiB);
        if (limit is not null && limit.GiB < least) return new Step.None(limit, least);
        var wanted = Math.Max(least, neededBytes >= int.MaxValue * (double)GiB ? int.MaxValue : (int)Math.Ceiling(Math.Max(neededBytes, 0) / GiB));
        var target = limit is null ? wanted : Math.Min(wanted, limit.GiB);
        var (iops, throughput) = Performance(volume, target);
        return new Step.Legal(target, iops, throughput, target < wanted ? limit : null);
    }

    public static int LeastGiB(int allocatedGiB) => (int)(((long)allocatedGiB * LeastPercent + 99) / 100);

    /// <summary>What has to be sent along so that growing changes nothing else, or is taken at all (hashicorp/terraform-provider-aws #28160, #28271, #28382).</summary>
    private static (int? Iops, int? Throughput) Performance(Volume volume, int target) => volume.Type switch
    {
        // A full one takes nothing but a size (cloudformation-coverage-roadmap #550).
        _ when volume.IsFull => (null, null),
        "io1" or "io2" => (volume.Iops, null),
        // Even its own 3,000 and 125 are refused for a small gp3.
        "gp3" when target < LimitRules.CopiesFromGiB => (null, null),
        "gp3" when volume.AllocatedGiB < LimitRules.CopiesFromGiB => (Math.Max(volume.Iops ?? 0, BaselineIops), Math.Max(volume.Throughput ?? 0, BaselineThroughput)),
        "gp3" => (volume.Iops, null),
        _ => (null, null),
    };
}
