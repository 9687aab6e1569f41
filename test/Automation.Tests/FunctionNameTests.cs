using System.Reflection;
using Amazon.Lambda.Annotations;

namespace Automation.Tests;

public sealed class FunctionNameTests
{
    // One that is missing works, and every start of it says that it does not.
    [Fact]
    public void Known_AreTheFunctionsThereAre() => Assert.Equal(
        typeof(Functions).GetMethods().Where(method => method.GetCustomAttribute<LambdaFunctionAttribute>() is not null).Select(method => method.Name).Order(StringComparer.Ordinal),
        FunctionName.Known);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("takesnapshots")]
    public void FaultOf_AnotherName_NamesThoseThatAreKnown(string? name)
    {
        var fault = FunctionName.FaultOf(name);

        Assert.Contains("ANNOTATIONS_HANDLER", fault, StringComparison.Ordinal);
        Assert.Contains(nameof(Functions.TakeSnapshots), fault, StringComparison.Ordinal);
    }
}
