using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;

namespace Automation.Failover;

/// <summary>Keeps reports in a bucket. Who may read them, how they are encrypted and for how long they stay is the bucket's own matter.</summary>
internal sealed class S3ReportStore(IAmazonS3 s3, string bucket) : IReportStore
{
    public async Task<string?> SaveAsync(FailoverReport report, string page, string json, CancellationToken cancellation)
    {
        var key = KeyOf(report);
        // The page last: where it is, the JSON is too.
        await PutAsync($"{key}.json", json, "application/json", cancellation);
        await PutAsync($"{key}.html", page, "text/html; charset=utf-8", cancellation);
        return $"s3://{bucket}/{key}.html";
    }

    /// <summary><c>failover/orders-staging/2026-11-21T040005Z</c>; the same test has the same key.</summary>
    public static string KeyOf(FailoverReport report) => string.Create(CultureInfo.InvariantCulture,
        $"failover/{report.Database.Id}/{report.CalledAt.UtcDateTime:yyyy-MM-dd'T'HHmmss'Z'}");

    private async Task PutAsync(string key, string content, string type, CancellationToken cancellation) => await s3.PutObjectAsync(
        new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = content, ContentType = type }, cancellation);
}
