using Automation.LabTests.Lambda;

namespace Automation.LabTests.Compat.Lambda;

/// <summary>The published generator lets the process die of an error in Startup; ours reports it to the Runtime API.</summary>
public sealed class InitErrorTests
{
    [Fact]
    public async Task Init_Throws_IsReportedLoggedAndTriedAgainForTheNextEvent()
    {
        var function = await TestFunctions.StartAsync("Echo", ("FAIL_INIT", "LEDGER_TABLE_NAME is not set"));
        await using (function)
        {
            var first = await function.InvokeAsync();
            var second = await function.InvokeAsync();

            Assert.All([first, second], result =>
            {
                Assert.Equal("InvalidOperationException", result.ErrorType);
                Assert.Equal("LEDGER_TABLE_NAME is not set", result.ErrorMessage);
                Assert.NotNull(result.Report.InitDuration);
                Assert.Equal("error", result.Report.Status);
            });
        }
        Assert.Equal(2, function.Lines.Count(line => line.Contains("LEDGER_TABLE_NAME is not set", StringComparison.Ordinal)));
    }
}
