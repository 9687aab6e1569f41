using Amazon.SecretsManager.Model;
using Automation.LabTests.Fixtures;
using static Automation.LabTests.Secrets.Lab.SecretsOnMoto;

namespace Automation.LabTests.Secrets.Lab;

/// <summary>Where moto differs from AWS in versions and labels.</summary>
public sealed class VersionTests(MotoFixture moto)
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_SameTokenAndBytes_IsNoChange()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, old) = await secrets.CreateAsync();
        await secrets.PutAsync(arn, Token("new"), "one", "AWSPENDING");

        var again = await secrets.PutAsync(arn, Token("new"), "one", "AWSPENDING");

        Assert.Equal((Token("new"), "AWSPENDING"), (again.VersionId, Assert.Single(again.VersionStages)));
        Assert.Equal([$"{old} AWSCURRENT", $"{Token("new")} AWSPENDING"], (await secrets.LabelsAsync(arn)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Put_SameTokenOtherBytes_IsRefusedAndTheFirstStays()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, _) = await secrets.CreateAsync();
        await secrets.PutAsync(arn, Token("new"), "one", "AWSPENDING");

        await Assert.ThrowsAsync<ResourceExistsException>(() => secrets.PutAsync(arn, Token("new"), "two", "AWSPENDING"));

        Assert.Equal("one", await secrets.ValueAsync(arn, stage: "AWSPENDING"));
    }

    [Fact]
    public async Task Put_TwoOfOneTokenAtOnce_OneValueWins()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, _) = await secrets.CreateAsync();

        var puts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Record.ExceptionAsync(() => secrets.PutAsync(arn, Token("new"), $"{i}", "AWSPENDING")).AsTask()));

        var winner = Assert.Single(puts.Index(), put => put.Item is null).Index;
        Assert.All(puts.Where(put => put is not null), put => Assert.IsType<ResourceExistsException>(put));
        Assert.Equal($"{winner}", await secrets.ValueAsync(arn, Token("new")));
    }

    [Fact]
    public async Task Put_WithoutStages_IsCurrentAndTheOneBeforeIsPrevious()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, first) = await secrets.CreateAsync();
        await secrets.PutAsync(arn, Token("2"), "two", "AWSPENDING");
        await secrets.MoveAsync(arn, "AWSCURRENT", first, Token("2"));
        await secrets.MoveAsync(arn, "AWSPENDING", Token("2"), null);

        await secrets.PutAsync(arn, Token("3"), "three");

        // moto alone would leave AWSCURRENT on the second version too.
        Assert.Equal([$"{Token("2")} AWSPREVIOUS", $"{Token("3")} AWSCURRENT"], await secrets.LabelsAsync(arn));
        Assert.Equal("three", await secrets.ValueAsync(arn));
    }

    [Fact]
    public async Task Put_FirstValueOfAnEmptySecret_IsCurrent()
    {
        await using var secrets = await StartAsync(moto);
        var created = await secrets.Client.CreateSecretAsync(new CreateSecretRequest { Name = "lab/empty-secret" }, cancellation);

        var put = await secrets.PutAsync(created.Name, Token("1"), "one");

        Assert.Equal("AWSCURRENT", Assert.Single(put.VersionStages));
        Assert.Equal("one", await secrets.ValueAsync(created.ARN));
        await secrets.Client.DeleteSecretAsync(new DeleteSecretRequest { SecretId = created.Name, ForceDeleteWithoutRecovery = true }, cancellation);
    }

    [Fact]
    public async Task Update_WithAValue_IsANewCurrentVersion()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, first) = await secrets.CreateAsync();

        await secrets.Client.UpdateSecretAsync(
            new UpdateSecretRequest { SecretId = arn, ClientRequestToken = Token("2"), SecretString = "two", Description = "told" }, cancellation);

        Assert.Equal([$"{Token("2")} AWSCURRENT", $"{first} AWSPREVIOUS"], (await secrets.LabelsAsync(arn)).OrderDescending(StringComparer.Ordinal).OrderBy(l => l.EndsWith("AWSPREVIOUS", StringComparison.Ordinal)));
        Assert.Equal("told", (await secrets.DescribeAsync(arn)).Description);
    }

    [Fact]
    public async Task Get_WithoutStageAfterTheLabelMoved_IsTheCurrentValue()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, first) = await secrets.CreateAsync();
        await secrets.PutAsync(arn, Token("2"), "two", "AWSPENDING");

        await secrets.MoveAsync(arn, "AWSCURRENT", first, Token("2"));

        Assert.Equal("two", await secrets.ValueAsync(arn));
        Assert.Equal("old", await secrets.ValueAsync(arn, stage: "AWSPREVIOUS"));
    }

    [Fact]
    public async Task Get_LabelThatIsNowhere_NamesTheLabel()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, _) = await secrets.CreateAsync();

        var refused = await Assert.ThrowsAsync<ResourceNotFoundException>(() => secrets.ValueAsync(arn, stage: "AWSPENDING"));

        Assert.Equal("Secrets Manager can't find the specified secret value for staging label: AWSPENDING", refused.Message);
    }

    [Fact]
    public async Task Get_VersionWithALabelOfAnother_IsRefused()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, first) = await secrets.CreateAsync();

        await Assert.ThrowsAsync<InvalidRequestException>(() => secrets.ValueAsync(arn, first, "AWSPENDING"));
        await Assert.ThrowsAsync<ResourceNotFoundException>(() => secrets.ValueAsync(arn, Token("nobody")));
        await Assert.ThrowsAsync<ResourceNotFoundException>(() => secrets.ValueAsync("lab/nobody"));
    }

    [Fact]
    public async Task Move_ByName_MovesAndLeavesPrevious()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, first) = await secrets.CreateAsync();
        var name = (await secrets.DescribeAsync(arn)).Name;
        await secrets.PutAsync(name, Token("2"), "two", "AWSPENDING");

        await secrets.MoveAsync(name, "AWSCURRENT", first, Token("2"));

        Assert.Equal(new HashSet<string> { $"{Token("2")} AWSCURRENT+AWSPENDING", $"{first} AWSPREVIOUS" }, [.. await secrets.LabelsAsync(arn)]);
    }

    [Fact]
    public async Task Move_FromWhereTheLabelIsNot_ChangesNothing()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, first) = await secrets.CreateAsync();
        await secrets.PutAsync(arn, Token("2"), "two", "AWSPENDING");
        var before = await secrets.LabelsAsync(arn);

        await Assert.ThrowsAsync<InvalidParameterException>(() => secrets.MoveAsync(arn, "AWSCURRENT", Token("2"), first));
        await Assert.ThrowsAsync<InvalidParameterException>(() => secrets.MoveAsync(arn, "AWSCURRENT", null, Token("2")));
        await Assert.ThrowsAsync<InvalidParameterException>(() => secrets.MoveAsync(arn, "AWSPENDING", null, first));
        await Assert.ThrowsAsync<InvalidParameterException>(() => secrets.MoveAsync(arn, "AWSCURRENT", first, null));
        await Assert.ThrowsAsync<ResourceNotFoundException>(() => secrets.MoveAsync(arn, "AWSCURRENT", first, Token("nobody")));

        Assert.Equal(before, await secrets.LabelsAsync(arn));
    }

    [Fact]
    public async Task List_VersionWithoutALabel_IsShownOnlyOnRequestAndStaysReadable()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, first) = await secrets.CreateAsync();
        await secrets.PutAsync(arn, Token("2"), "two", "AWSPENDING");
        await secrets.MoveAsync(arn, "AWSPENDING", Token("2"), null);

        async Task<IEnumerable<string>> ListAsync(bool deprecated) => (await secrets.Client.ListSecretVersionIdsAsync(
            new ListSecretVersionIdsRequest { SecretId = arn, IncludeDeprecated = deprecated }, cancellation)).Versions.Select(v => v.VersionId);

        Assert.Equal([first], await ListAsync(false));
        Assert.Equal([first, Token("2")], await ListAsync(true));
        Assert.Equal([$"{first} AWSCURRENT"], await secrets.LabelsAsync(arn));
        Assert.Equal("two", await secrets.ValueAsync(arn, Token("2")));
    }

    [Fact]
    public async Task Fault_InjectedInAServedAction_HappensOrNotAsItSays()
    {
        await using var secrets = await StartAsync(moto);
        var (arn, _) = await secrets.CreateAsync();
        secrets.Endpoint.Faults.Inject(new() { Kind = Automation.Lab.Account.FaultKind.ApplyThenInternalError, Action = "PutSecretValue" });

        // The SDK tries again with the same token and the same bytes.
        await secrets.PutAsync(arn, Token("2"), "two", "AWSPENDING");

        Assert.Equal([500, 200], secrets.Endpoint.Calls.Entries.Where(c => c.Action == "PutSecretValue").Select(c => c.Status));
        Assert.Equal("two", await secrets.ValueAsync(arn, Token("2"), "AWSPENDING"));
    }
}
