using System.Reflection;
using Amazon.CloudWatch;
using Amazon.RDS;
using Amazon.SecretsManager;
using Amazon.SimpleNotificationService;

namespace Automation.LabTests.Wire;

/// <summary>Every generated operation has a wire test: one whose name starts with the operation's.</summary>
public sealed class CoverageTests
{
    [Theory]
    [InlineData(typeof(IAmazonCloudWatch))]
    [InlineData(typeof(IAmazonRDS))]
    [InlineData(typeof(IAmazonSecretsManager))]
    [InlineData(typeof(IAmazonSimpleNotificationService))]
    public void Operation_OfAClient_HasAWireTest(Type client)
    {
        var operations = client.GetMethods()
            .Where(m => m.Name.EndsWith("Async", StringComparison.Ordinal))
            .Select(m => m.Name[..^"Async".Length])
            .ToHashSet();
        var tested = typeof(CoverageTests).Assembly.GetTypes()
            .Where(t => t.Namespace == typeof(CoverageTests).Namespace)
            .SelectMany(t => t.GetMethods())
            .Where(m => m.GetCustomAttributes().Any(a => a is FactAttribute))
            .Select(m => m.Name.Split('_')[0])
            .ToHashSet();

        Assert.NotEmpty(operations);
        Assert.Empty(operations.Except(tested));
    }
}
