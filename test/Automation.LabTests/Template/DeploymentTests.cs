namespace Automation.LabTests.Template;

/// <summary>What the SAM translator makes of the template, and the staging example, deploy; and what moto could not show of it.</summary>
public sealed class DeploymentTests(Deployment deployment) : IClassFixture<Deployment>
{
    [Theory]
    [InlineData("automation")]
    [InlineData("orders-staging")]
    public void Stack_InMoto_HasEverythingOfItsTemplateButWhatMotoDoesNotMake(string stack)
    {
        var (wanted, made) = deployment.Stacks[stack];

        Assert.NotEmpty(made);
        Assert.Equal(wanted, made);
    }

    // CloudFormation's word alone is not proof: each service is asked by itself.
    [Fact]
    public void Resources_ThatWereMade_AreKnownToTheirServices() => Assert.Empty(deployment.Unlisted);

    // The list is what no test here has seen deployed. It ends where moto learns a type, or the templates lose one.
    [Fact]
    public void Unmade_Types_AreStillInTheTemplatesAndStillNotMade()
    {
        Assert.Empty(deployment.MadeAlone);
        Assert.Subset(deployment.Types.ToHashSet(), Deployment.Unmade.ToHashSet());
    }
}
