namespace Automation.Lab.Account;

/// <summary>One request to the AWS API, as the lab's endpoint understood it.</summary>
internal sealed record AwsCall
{
    /// <summary>The service's signing name: <c>rds</c>, <c>sns</c>, <c>monitoring</c> (CloudWatch), <c>dynamodb</c>; empty when unsigned.</summary>
    public required string Service { get; init; }

    /// <summary>As <c>DescribeDBInstances</c>; empty when the request is of no protocol the lab knows.</summary>
    public required string Action { get; init; }

    public string Region { get; init; } = "";

    /// <summary>Whose credentials signed it; never the secret.</summary>
    public string AccessKeyId { get; init; } = "";

    public required DateTimeOffset At { get; init; }

    /// <summary>The query protocol's fields, as <c>Tags.Tag.1.Key</c>; empty for JSON protocols (read <see cref="Body"/>).</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    public ReadOnlyMemory<byte> Body { get; init; }

    public string ContentType { get; init; } = "";

    /// <summary>The HTTP method; what S3's calls are told by.</summary>
    public string Method { get; init; } = "";

    /// <summary>The path, decoded, as <c>/bucket/key</c>.</summary>
    public string Path { get; init; } = "";
}

/// <summary>An answer of the AWS API.</summary>
internal sealed record AwsAnswer
{
    public required int Status { get; init; }
    public string ContentType { get; init; } = "";
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
    public ReadOnlyMemory<byte> Body { get; init; }

    public bool Succeeded => Status is >= 200 and < 300;
}

/// <summary>Runs before a call is forwarded; a result answers the caller instead of the API behind.</summary>
internal delegate ValueTask<AwsAnswer?> BeforeCall(AwsCall call, CancellationToken cancellation);

/// <summary>Answers in place of the API behind: a service of which the lab knows more than moto.</summary>
internal delegate ValueTask<AwsAnswer> ServeCall(AwsCall call, CancellationToken cancellation);

/// <summary>Runs after the API behind answered, also when it refused; gives the answer the caller gets.</summary>
internal delegate ValueTask<AwsAnswer> AfterCall(AwsCall call, AwsAnswer answer, CancellationToken cancellation);

/// <summary>An entry of the endpoint's record.</summary>
/// <param name="Call">What was asked.</param>
/// <param name="Status">The HTTP status the caller got; 0 when it got none.</param>
/// <param name="Fault">The fault that was injected, if any.</param>
internal sealed record RecordedCall(AwsCall Call, int Status, FaultKind? Fault)
{
    /// <summary>Whether the API did what was asked, whatever the caller was told.</summary>
    public bool TookEffect { get; init; }

    /// <summary>When the caller was answered, or would have been.</summary>
    public DateTimeOffset AnsweredAt { get; init; }

    public string Service => Call.Service;

    public string Action => Call.Action;

    public DateTimeOffset At => Call.At;
}
