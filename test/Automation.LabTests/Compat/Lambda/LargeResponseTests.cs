using Automation.LabTests.Lambda;

namespace Automation.LabTests.Compat.Lambda;

/// <summary>The published runtime ends its process over a refused response; the subset goes on with the next event.</summary>
public sealed class LargeResponseTests
{
    [Fact]
    public async Task Response_OverSixMegabytes_IsAnErrorAndTheLoopGoesOn()
    {
        await using var function = await TestFunctions.StartAsync("Big");

        var result = await function.InvokeAsync("7000000");
        var next = await function.InvokeAsync("3");

        Assert.Equal("Function.ResponseSizeTooLarge", result.ErrorType);
        Assert.Equal("\"xxx\"", System.Text.Encoding.UTF8.GetString(next.Payload.Span));
        Assert.Null(next.Report.InitDuration);
    }
}
