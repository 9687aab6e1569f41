using Automation.Lab.Setup;
using Automation.LabTests.Lambda;

namespace Automation.LabTests.Compat.Lambda;

/// <summary>The published generator ends silently, and successfully, when it does not know the function; ours says so.</summary>
public sealed class UnknownHandlerTests
{
    private const string Known = "it must name one of: Big, Crash, Describe, Echo, Fail, Hang, Log, Scheduled, Unknown.";

    [Theory]
    [InlineData("Nope", "ANNOTATIONS_HANDLER is 'Nope'; ")]
    [InlineData("echo", "ANNOTATIONS_HANDLER is 'echo'; ")]
    [InlineData(null, "ANNOTATIONS_HANDLER is ''; ")]
    public async Task Start_UnknownName_IsAnInitErrorThatListsTheKnownOnes(string? name, string message)
    {
        var function = await TestFunctions.StartAsync(TestFunctions.Definition(name));
        await using (function)
        {
            var result = await function.InvokeAsync();

            Assert.False(result.Succeeded);
            Assert.Equal("InvalidOperationException", result.ErrorType);
            Assert.Equal(message + Known, result.ErrorMessage);
            Assert.NotNull(result.Report.InitDuration);
        }
        Assert.Contains(function.Lines, line => line.Contains(message + Known, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_UnknownNameWithoutARuntimeApi_EndsWithAnErrorThatListsTheKnownOnes()
    {
        await using var process = ChildProcess.Start(new ChildProcessOptions
        {
            Name = "function",
            FileName = TestFunctions.ExecutablePath,
            Environment = new Dictionary<string, string?> { ["ANNOTATIONS_HANDLER"] = "Nope", ["AWS_LAMBDA_RUNTIME_API"] = null },
        });

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var exitCode = process.ExitCode;
        // Its last words may still be on their way through the pipe.
        await process.DisposeAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains(process.Lines, line => line.Contains(Known, StringComparison.Ordinal));
        Assert.Contains(process.Lines, line => line.Contains("AWS_LAMBDA_RUNTIME_API is not set", StringComparison.Ordinal));
    }
}
