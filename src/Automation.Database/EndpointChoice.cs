namespace Automation.Database;

/// <summary>Which of a database's endpoints a purpose goes to.</summary>
public static class EndpointChoice
{
    /// <summary>The endpoint to use, or <c>null</c> when none of those offered is safe for the purpose.</summary>
    public static DatabaseEndpoint? For(EndpointPurpose purpose, IReadOnlyCollection<DatabaseEndpoint> offered)
    {
        ArgumentNullException.ThrowIfNull(offered);
        return Preference(purpose)
            .Select(kind => offered.FirstOrDefault(endpoint => endpoint.Kind == kind))
            .FirstOrDefault(endpoint => endpoint is not null);
    }

    private static EndpointKind[] Preference(EndpointPurpose purpose) => purpose switch
    {
        // The proxy keeps clients through a failover and shares what few slots there are.
        EndpointPurpose.Ordinary => [EndpointKind.Proxy, EndpointKind.ClusterWriter, EndpointKind.Instance],
        // A proxy borrows the very slots that have run out, and a cluster's name may lead to another instance.
        EndpointPurpose.Remediation => [EndpointKind.Instance],
        EndpointPurpose.ReadsThatBearLag =>
            [EndpointKind.ClusterReader, EndpointKind.Proxy, EndpointKind.ClusterWriter, EndpointKind.Instance],
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, "Not an endpoint purpose."),
    };
}
