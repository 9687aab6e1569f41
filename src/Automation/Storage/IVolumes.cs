using Automation.Fleet;

namespace Automation.Storage;

/// <summary>The storage of instances: questions to RDS, and the one change.</summary>
internal interface IVolumes
{
    /// <summary>As it is now, with what RDS would take; <c>null</c> when RDS does not know the instance.</summary>
    Task<Volume?> DescribeAsync(string id, CancellationToken cancellation);

    /// <summary>Every instance of this account and Region, without <see cref="Volume.Ranges"/>, and every cluster.</summary>
    Task<(IReadOnlyList<Volume> Instances, IReadOnlyList<RdsDatabase> Clusters)> ListAsync(CancellationToken cancellation);

    /// <summary>Asks once for a bigger size, at once and not in the maintenance window. Throws for cancellation only.</summary>
    /// <param name="id">Identifier of the instance.</param>
    /// <param name="step">What to ask for.</param>
    /// <param name="cancellation">Ends the waiting for an answer.</param>
    Task<GrowthAnswer> GrowAsync(string id, Step.Legal step, CancellationToken cancellation);
}

/// <summary>What RDS said.</summary>
internal abstract record GrowthAnswer
{
    private GrowthAnswer()
    {
    }

    public sealed record Accepted : GrowthAnswer;

    /// <summary>Nothing was changed.</summary>
    public sealed record Refused(string Code, string Message) : GrowthAnswer;

    /// <summary>Nothing was changed, and it may be asked again in a while.</summary>
    public sealed record Throttled(string Code) : GrowthAnswer;

    /// <summary>It may have been taken: the size that RDS shows tells.</summary>
    public sealed record Unanswered(string Why) : GrowthAnswer;
}
