using Automation.Lab.Account;
using Automation.Lab.Secrets;
using Automation.Lab.Snapshots;

namespace Automation.Lab.Iam;

/// <summary>
/// From a call to what AWS asks IAM about it: actions, resources and condition keys of the Service Authorization Reference. Only
/// the calls that the functions make are here; another one has no questions, and is refused until it is added.
/// </summary>
internal sealed class IamQuestions(AccountFacts facts, string accountId, Func<string, string?> keyOfTopic)
{
    /// <summary>All questions about a call; <c>null</c> for one that is not known.</summary>
    /// <param name="call">What is asked of AWS.</param>
    /// <param name="asksForTags">Whether the tags of an action's resource matter: looking them up takes a call of its own.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<IamQuestion>?> OfAsync(AwsCall call, Func<string, bool> asksForTags, CancellationToken cancellation) => (call.Service, call.Action) switch
    {
        ("rds", "CopyDBSnapshot") => await CopyAsync(call, asksForTags, SnapshotKind.Instance, cancellation),
        ("rds", "CopyDBClusterSnapshot") => await CopyAsync(call, asksForTags, SnapshotKind.Cluster, cancellation),
        ("rds", _) => await TaggedAsync(call, asksForTags, RdsQuestions.Of(call, accountId)),
        // CloudWatch signs as monitoring. DescribeAlarms without names is about all of them.
        ("monitoring", "DescribeAlarms") => [IamQuestion.Of("cloudwatch:DescribeAlarms", $"arn:aws:cloudwatch:{call.Region}:{accountId}:alarm:*")],
        ("monitoring", "GetMetricData") => [IamQuestion.Of("cloudwatch:GetMetricData", "*")],
        ("dynamodb", _) => LedgerQuestions.Of(call, accountId),
        ("sns", "Publish") when call.Parameter("TopicArn") is { } topic => Publish(call, topic),
        ("secretsmanager", "GetSecretValue" or "DescribeSecret" or "ListSecretVersionIds" or "PutSecretValue" or "UpdateSecretVersionStage") =>
            await SecretAsync(call, cancellation),
        ("kms", "DescribeKey" or "GetKeyPolicy") => await KeyAsync(call, cancellation),
        ("s3", _) when call.Method == "PUT" && call.Path.Split('/', 3) is ["", var bucket, { Length: > 0 } key] =>
            [IamQuestion.Of("s3:PutObject", $"arn:aws:s3:::{bucket}/{key}")],
        _ => null,
    };

    /// <summary>About a key that a service uses for whoever called it.</summary>
    public static IamQuestion ThroughService(string action, string keyArn, string service, string region, params IEnumerable<(string Key, string Value)> context) =>
        IamQuestion.Of(action, keyArn, [("kms:ViaService", $"{service}.{region}.amazonaws.com"), .. context]);

    private async Task<IReadOnlyList<IamQuestion>?> TaggedAsync(AwsCall call, Func<string, bool> asksForTags, IReadOnlyList<IamQuestion>? questions)
    {
        if (questions is null) return null;
        var tagged = new List<IamQuestion>();
        foreach (var question in questions) tagged.Add(await TaggedAsync(call, asksForTags, question));
        return tagged;
    }

    // A list of everything has no tags.
    private async Task<IamQuestion> TaggedAsync(AwsCall call, Func<string, bool> asksForTags, IamQuestion question) =>
        question.Resource.Contains('*', StringComparison.Ordinal) || !asksForTags(question.Action)
        ? question
        : question.With((await facts.TagsAsync(call, question.Resource)).Select(tag => ($"aws:ResourceTag/{tag.Key}", tag.Value)));

    // Source and target are both resources of the call. RDS then uses both keys for the caller: to do so it needs kms:DescribeKey
    // and kms:CreateGrant ("AWS KMS key management", RDS User Guide); what else it asks is not documented, and not asked here.
    private async Task<IReadOnlyList<IamQuestion>> CopyAsync(AwsCall call, Func<string, bool> asksForTags, SnapshotKind kind, CancellationToken cancellation)
    {
        var questions = new List<IamQuestion>();
        foreach (var question in RdsQuestions.OfCopy(call, kind, accountId)) questions.Add(await TaggedAsync(call, asksForTags, question));
        var source = RdsQuestions.SourceOf(call, kind, accountId);
        if (await facts.KeyOfSnapshotAsync(call, kind, source) is { } sourceKey) questions.AddRange(await GrantAsync(sourceKey, source.Split(':')[3], cancellation));
        if (call.Parameter("KmsKeyId") is { } targetKey) questions.AddRange(await GrantAsync(targetKey, call.Region, cancellation));
        return questions;
    }

    private async Task<IEnumerable<IamQuestion>> GrantAsync(string keyId, string region, CancellationToken cancellation)
    {
        // RDS refuses a key that is not there by itself.
        if (await facts.KeyAsync(keyId, region, cancellation) is not { } key) return [];
        var aliases = key.Aliases.Select(alias => ("kms:ResourceAliases", alias)).ToArray();
        return
        [
            ThroughService("kms:DescribeKey", key.Arn, "rds", region, aliases),
            ThroughService("kms:CreateGrant", key.Arn, "rds", region, [("kms:GrantIsForAWSResource", "true"), .. aliases]),
        ];
    }

    private IReadOnlyList<IamQuestion> Publish(AwsCall call, string topicArn)
    {
        var publish = IamQuestion.Of("sns:Publish", topicArn);
        if (keyOfTopic(topicArn) is not { } key) return [publish];
        IamQuestion Using(string action) => ThroughService(action, KeyArn(key, call.Region), "sns", call.Region);
        return [publish, Using("kms:GenerateDataKey"), Using("kms:Decrypt")];
    }

    // The resource is what the id means. A name that means nothing is asked about as it would be called.
    private async Task<IReadOnlyList<IamQuestion>> SecretAsync(AwsCall call, CancellationToken cancellation)
    {
        var id = call.Members().Text("SecretId") ?? "";
        var secret = await facts.SecretAsync(call, id);
        var arn = secret?.Arn ?? (id.StartsWith("arn:", StringComparison.Ordinal) ? id : $"arn:aws:secretsmanager:{call.Region}:{accountId}:secret:{id}");
        // The service's own key of the same meaning is older than the global one.
        var tags = (secret?.Tags ?? []).SelectMany(tag => new[] { ($"aws:ResourceTag/{tag.Key}", tag.Value), ($"secretsmanager:ResourceTag/{tag.Key}", tag.Value) });
        var questions = new List<IamQuestion> { IamQuestion.Of($"secretsmanager:{call.Action}", arn, tags) };
        if (secret?.KeyId is { } keyId && await facts.KeyAsync(keyId, call.Region, cancellation) is { } key)
        {
            string[] actions = call.Action switch
            {
                "GetSecretValue" => ["kms:Decrypt"],
                "PutSecretValue" => ["kms:GenerateDataKey", "kms:Decrypt"],
                _ => [],
            };
            questions.AddRange(actions.Select(action => ThroughService(action, key.Arn, "secretsmanager", call.Region, ("kms:EncryptionContext:SecretARN", arn))));
        }
        return questions;
    }

    private async Task<IReadOnlyList<IamQuestion>> KeyAsync(AwsCall call, CancellationToken cancellation)
    {
        var id = call.Members().Text("KeyId") ?? "";
        // An alias that names no key of this Region is "not found" to whoever may ask about the keys behind it, and to nobody else.
        var key = await facts.KeyAsync(id, call.Region, cancellation);
        return [IamQuestion.Of($"kms:{call.Action}", key?.Arn ?? KeyArn("*", call.Region),
            (key?.Aliases ?? (id.StartsWith("alias/", StringComparison.Ordinal) ? [id] : [])).Select(alias => ("kms:ResourceAliases", alias)))];
    }

    private string KeyArn(string keyId, string region) => keyId.StartsWith("arn:", StringComparison.Ordinal) ? keyId : $"arn:aws:kms:{region}:{accountId}:key/{keyId}";
}
