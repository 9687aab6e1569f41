namespace Automation.Failover;

/// <summary>Keeps the page of a test where people find it.</summary>
internal interface IReportStore
{
    /// <summary>Stores page and JSON side by side. A test is not worth less without its page: the caller goes on when this throws.</summary>
    /// <param name="report">Names the place: database and time of the call.</param>
    /// <param name="page">HTML.</param>
    /// <param name="json">The same for machines.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <returns>An address of the page for people; <c>null</c> where nothing is stored.</returns>
    /// <exception cref="Exception">One that <see cref="AwsFailure.Is"/> knows: the store refused, or did not answer.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked for it.</exception>
    Task<string?> SaveAsync(FailoverReport report, string page, string json, CancellationToken cancellation);
}

/// <summary>Where no <c>REPORT_BUCKET</c> is set.</summary>
internal sealed class NoReportStore : IReportStore
{
    public Task<string?> SaveAsync(FailoverReport report, string page, string json, CancellationToken cancellation) => Task.FromResult<string?>(null);
}
