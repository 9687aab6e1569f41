namespace Amazon.RDS.Internal;

/// <summary>A request that another Region must hear of: see <see cref="PreSignedUrlRequestHandler"/>.</summary>
internal interface IPreSignedUrlRequest
{
    string SourceRegion { get; }

    string PreSignedUrl { get; set; }
}
