using Amazon.SecretsManager;
using Amazon.SecretsManager.Model;
using Automation.Lab.Aws;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Wire;

public sealed class SecretsManagerTests(MotoFixture moto)
{
    private readonly IAmazonSecretsManager secrets = moto.Clients.SecretsManager;
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateSecret_WithoutToken_MakesOne()
    {
        var response = await secrets.CreateSecretAsync(new CreateSecretRequest { Name = Given.Name("secret"), SecretString = "v" }, cancellation);

        Assert.True(Guid.TryParse(response.VersionId, out _));
    }

    [Fact]
    public async Task CreateSecret_ExistingName_IsTyped()
    {
        var name = await SecretAsync("v");

        await Assert.ThrowsAsync<ResourceExistsException>(() =>
            secrets.CreateSecretAsync(new CreateSecretRequest { Name = name, SecretString = "other" }, cancellation));
    }

    [Fact]
    public async Task GetSecretValue_AwkwardText_ComesBackUnchanged()
    {
        var name = await SecretAsync(Given.AwkwardText + "\u0000\u001f\ud83d\ude00");

        var response = await ValueAsync(name);

        Assert.Equal(Given.AwkwardText + "\u0000\u001f\ud83d\ude00", response.SecretString);
        Assert.Null(response.SecretBinary);
        Assert.Equal(["AWSCURRENT"], response.VersionStages);
        Assert.Equal(DateTimeKind.Utc, response.CreatedDate!.Value.Kind);
    }

    [Fact]
    public async Task GetSecretValue_Binary_ComesBackUnchanged()
    {
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var name = Given.Name("secret");
        await secrets.CreateSecretAsync(new CreateSecretRequest { Name = name, SecretBinary = new MemoryStream(bytes) }, cancellation);

        var response = await ValueAsync(name);

        Assert.Equal(bytes, response.SecretBinary.ToArray());
        Assert.Null(response.SecretString);
    }

    [Fact]
    public async Task GetSecretValue_UnknownSecret_IsTyped()
    {
        var error = await Assert.ThrowsAsync<ResourceNotFoundException>(() => ValueAsync("nothing"));

        Assert.Equal("ResourceNotFoundException", error.ErrorCode);
        Assert.Contains("find the specified secret", error.Message, StringComparison.Ordinal);
        Assert.IsAssignableFrom<AmazonSecretsManagerException>(error);
    }

    [Fact]
    public async Task PutSecretValue_Pending_LeavesCurrent()
    {
        var name = await SecretAsync("old");
        var token = Guid.NewGuid().ToString();

        var response = await secrets.PutSecretValueAsync(new PutSecretValueRequest
        {
            SecretId = name,
            ClientRequestToken = token,
            SecretString = "new",
            VersionStages = ["AWSPENDING"],
        }, cancellation);

        Assert.Equal(token, response.VersionId);
        Assert.Equal(["AWSPENDING"], response.VersionStages);
        Assert.Equal("old", (await ValueAsync(name)).SecretString);
    }

    [Fact]
    public async Task UpdateSecretVersionStage_MoveCurrent_ChangesTheValue()
    {
        var name = await SecretAsync("old");
        var old = (await ValueAsync(name)).VersionId;
        var pending = (await secrets.PutSecretValueAsync(
            new PutSecretValueRequest { SecretId = name, SecretString = "new", VersionStages = ["AWSPENDING"] }, cancellation)).VersionId;

        await secrets.UpdateSecretVersionStageAsync(new UpdateSecretVersionStageRequest
        {
            SecretId = name,
            VersionStage = "AWSCURRENT",
            MoveToVersionId = pending,
            RemoveFromVersionId = old,
        }, cancellation);

        Assert.Equal("new", (await ValueAsync(name)).SecretString);
    }

    [Fact]
    public async Task DescribeSecret_TwoVersions_MapsEachToItsStages()
    {
        var name = await SecretAsync("old");
        var old = (await ValueAsync(name)).VersionId;
        var pending = (await secrets.PutSecretValueAsync(
            new PutSecretValueRequest { SecretId = name, SecretString = "new", VersionStages = ["AWSPENDING"] }, cancellation)).VersionId;

        var response = await secrets.DescribeSecretAsync(new DescribeSecretRequest { SecretId = name }, cancellation);

        Assert.Equal(["AWSCURRENT"], response.VersionIdsToStages[old]);
        Assert.Equal(["AWSPENDING"], response.VersionIdsToStages[pending]);
        Assert.Null(response.RotationRules?.AutomaticallyAfterDays);
        Assert.Null(response.DeletedDate);
    }

    [Fact]
    public async Task ListSecretVersionIds_OneVersion_IsCurrent()
    {
        var name = await SecretAsync("v");

        var response = await secrets.ListSecretVersionIdsAsync(new ListSecretVersionIdsRequest { SecretId = name }, cancellation);

        Assert.Equal(["AWSCURRENT"], Assert.Single(response.Versions).VersionStages);
    }

    [Fact]
    public async Task ListSecrets_MoreThanAPage_PaginatorGivesEachOnce()
    {
        using var own = new LabClients(moto.Server.Uri, LabClients.Anybody, "eu-south-2");
        var names = Enumerable.Range(0, 105).Select(_ => Given.Name("secret")).ToList();
        foreach (var name in names)
            await own.SecretsManager.CreateSecretAsync(new CreateSecretRequest { Name = name, SecretString = "v" }, cancellation);

        var found = await own.SecretsManager.Paginators
            .ListSecrets(new ListSecretsRequest { MaxResults = 100 }).SecretList.ToListAsync(cancellation);

        Assert.Equal(names.Order(), found.Select(s => s.Name).Order());
    }

    [Fact]
    public async Task ListSecrets_FilterByTag_TakesTheTagged()
    {
        var name = Given.Name("secret");
        await secrets.CreateSecretAsync(new CreateSecretRequest
        {
            Name = name,
            SecretString = "v",
            Tags = [new Tag { Key = name, Value = Given.AwkwardText }],
        }, cancellation);

        var response = await secrets.ListSecretsAsync(new ListSecretsRequest
        {
            Filters = [new Filter { Key = FilterNameStringType.TagKey, Values = [name] }],
            SortOrder = SortOrderType.Asc,
        }, cancellation);

        var found = Assert.Single(response.SecretList);
        Assert.Equal(Given.AwkwardText, Assert.Single(found.Tags).Value);
    }

    [Fact]
    public async Task UpdateSecret_Description_IsChanged()
    {
        var name = await SecretAsync("v");

        await secrets.UpdateSecretAsync(
            new UpdateSecretRequest { SecretId = name, SecretString = "w", Description = Given.AwkwardText }, cancellation);

        var response = await secrets.DescribeSecretAsync(new DescribeSecretRequest { SecretId = name }, cancellation);
        Assert.Equal(Given.AwkwardText, response.Description);
    }

    [Fact]
    public async Task TagResource_AwkwardText_ComesBackUnchanged()
    {
        var name = await SecretAsync("v");

        await secrets.TagResourceAsync(
            new TagResourceRequest { SecretId = name, Tags = [new Tag { Key = "note", Value = Given.AwkwardText }] }, cancellation);

        Assert.Equal(Given.AwkwardText, Assert.Single(await TagsAsync(name)).Value);
    }

    [Fact]
    public async Task UntagResource_OneOfTwo_LeavesTheOther()
    {
        var name = await SecretAsync("v");
        await secrets.TagResourceAsync(new TagResourceRequest
        {
            SecretId = name,
            Tags = [new Tag { Key = "a", Value = "1" }, new Tag { Key = "b", Value = "2" }],
        }, cancellation);

        await secrets.UntagResourceAsync(new UntagResourceRequest { SecretId = name, TagKeys = ["a"] }, cancellation);

        Assert.Equal("b", Assert.Single(await TagsAsync(name)).Key);
    }

    [Fact]
    public async Task PutResourcePolicy_APolicy_IsAccepted()
    {
        var name = await SecretAsync("v");

        var response = await secrets.PutResourcePolicyAsync(
            new PutResourcePolicyRequest { SecretId = name, ResourcePolicy = Policy, BlockPublicPolicy = true }, cancellation);

        Assert.Equal(name, response.Name);
    }

    [Fact]
    public async Task GetResourcePolicy_AfterPut_IsTheSame()
    {
        var name = await SecretAsync("v");
        await secrets.PutResourcePolicyAsync(new PutResourcePolicyRequest { SecretId = name, ResourcePolicy = Policy }, cancellation);

        var response = await secrets.GetResourcePolicyAsync(new GetResourcePolicyRequest { SecretId = name }, cancellation);

        Assert.Equal(Policy, response.ResourcePolicy);
    }

    [Fact]
    public async Task GetRandomPassword_WithRules_KeepsThem()
    {
        var response = await secrets.GetRandomPasswordAsync(
            new GetRandomPasswordRequest { PasswordLength = 40, ExcludeCharacters = "/@\"'\\", ExcludePunctuation = true }, cancellation);

        Assert.Equal(40, response.RandomPassword.Length);
        Assert.All(response.RandomPassword, c => Assert.True(char.IsAsciiLetterOrDigit(c)));
    }

    [Fact]
    public async Task RotateSecret_UnknownFunction_IsTyped()
    {
        var name = await SecretAsync("v");

        await Assert.ThrowsAsync<ResourceNotFoundException>(() => secrets.RotateSecretAsync(new RotateSecretRequest
        {
            SecretId = name,
            RotationLambdaARN = "arn:aws:lambda:eu-central-1:123456789012:function:nothing",
            RotationRules = new RotationRulesType { ScheduleExpression = "rate(10 days)", Duration = "2h" },
        }, cancellation));
    }

    [Fact]
    public async Task CancelRotateSecret_NotRotating_IsTyped()
    {
        var name = await SecretAsync("v");

        await Assert.ThrowsAsync<InvalidRequestException>(() =>
            secrets.CancelRotateSecretAsync(new CancelRotateSecretRequest { SecretId = name }, cancellation));
    }

    [Fact]
    public async Task DeleteSecret_WithRecoveryWindow_SaysWhen()
    {
        var name = await SecretAsync("v");

        var response = await secrets.DeleteSecretAsync(new DeleteSecretRequest { SecretId = name, RecoveryWindowInDays = 7 }, cancellation);

        Assert.Equal(DateTimeKind.Utc, response.DeletionDate!.Value.Kind);
        await Assert.ThrowsAsync<InvalidRequestException>(() => ValueAsync(name));
    }

    private const string Policy =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"secretsmanager:DeleteSecret","Resource":"*"}]}""";

    private async Task<string> SecretAsync(string value)
    {
        var response = await secrets.CreateSecretAsync(new CreateSecretRequest { Name = Given.Name("secret"), SecretString = value }, cancellation);
        return response.Name;
    }

    // With the stage, though it is the default: moto forgets to look at it after the stage has moved.
    private Task<GetSecretValueResponse> ValueAsync(string name) =>
        secrets.GetSecretValueAsync(new GetSecretValueRequest { SecretId = name, VersionStage = "AWSCURRENT" }, cancellation);

    private async Task<List<Tag>> TagsAsync(string name) =>
        (await secrets.DescribeSecretAsync(new DescribeSecretRequest { SecretId = name }, cancellation)).Tags;
}
