using Amazon.S3;
using Amazon.S3.Model;
using Automation.Failover;
using Automation.Lab.Aws;
using Automation.LabTests.Fixtures;
using Automation.Tests.Failover.Report;

namespace Automation.LabTests.Failover.Report;

/// <summary>S3's protocol, in a Region of this test alone.</summary>
public sealed class S3ReportStoreTests(MotoFixture moto)
{
    private const string Region = "ap-southeast-4", Key = "failover/orders-staging/2026-11-21T040005Z";

    [Fact]
    public async Task Save_OfATest_StoresPageAndJsonSideBySide()
    {
        const string Bucket = "report-store-of-a-test";
        var cancellation = TestContext.Current.CancellationToken;
        using var s3 = Client();
        await s3.PutBucketAsync(new PutBucketRequest { BucketName = Bucket, BucketRegionName = Region }, cancellation);
        var report = Given.Report();
        var (page, json) = (FailoverPage.Write(report), FailoverDetails.Of(report, null).GetRawText());

        var address = await new S3ReportStore(s3, Bucket).SaveAsync(report, page, json, cancellation);

        Assert.Equal($"s3://{Bucket}/{Key}.html", address);
        Assert.Equal((page, "text/html; charset=utf-8"), await ReadAsync(s3, Bucket, $"{Key}.html"));
        Assert.Equal((json, "application/json"), await ReadAsync(s3, Bucket, $"{Key}.json"));
    }

    // The caller goes on without a page when it knows what was thrown.
    [Fact]
    public async Task Save_WithoutTheBucket_ThrowsWhatTheCallerKnows()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var s3 = Client();

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => new S3ReportStore(s3, "report-store-that-is-not-there").SaveAsync(Given.Report(), "<p>", "{}", cancellation));

        Assert.True(AwsFailure.Is(refused, cancellation));
        Assert.Equal("NoSuchBucket", AwsFailure.CodeOf(refused));
    }

    private AmazonS3Client Client() => new(LabClients.Anybody, new AmazonS3Config
    {
        ServiceURL = moto.Server.Uri.AbsoluteUri, AuthenticationRegion = Region, ForcePathStyle = true,
    });

    private static async Task<(string Content, string Type)> ReadAsync(AmazonS3Client s3, string bucket, string key)
    {
        using var stored = await s3.GetObjectAsync(bucket, key, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stored.ResponseStream);
        return (await reader.ReadToEndAsync(TestContext.Current.CancellationToken), stored.Headers.ContentType);
    }
}
