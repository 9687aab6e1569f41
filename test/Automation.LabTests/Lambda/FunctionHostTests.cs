using System.Globalization;

namespace Automation.LabTests.Lambda;

/// <summary>The life of a function's processes.</summary>
public sealed class FunctionHostTests
{
    [Fact]
    public async Task Invoke_SecondEvent_MeetsTheWarmProcess()
    {
        await using var function = await TestFunctions.StartAsync("Describe");

        var cold = await function.InvokeAsync();
        var warm = await function.InvokeAsync();

        Assert.Equal(Process(cold), Process(warm));
        Assert.NotNull(cold.Report.InitDuration);
        Assert.Null(warm.Report.InitDuration);
        Assert.InRange(warm.Report.MaxMemoryUsedMB, 10, 512);
        Assert.Equal(1, TestFunctions.Json(cold).GetProperty("Invocation").GetInt32());
        Assert.Equal(2, TestFunctions.Json(warm).GetProperty("Invocation").GetInt32());

        static int Process(Automation.Lab.Lambda.InvocationResult result) => TestFunctions.Json(result).GetProperty("ProcessId").GetInt32();
    }

    [Fact]
    public async Task Context_OfAnInvocation_IsWhatTheHostSent()
    {
        await using var function = await TestFunctions.StartAsync("Describe");

        var result = await function.InvokeAsync();

        var context = TestFunctions.Json(result);
        Assert.Equal(result.RequestId, context.GetProperty("RequestId").GetString());
        Assert.Equal("test-function", context.GetProperty("FunctionName").GetString());
        Assert.Equal("arn:aws:lambda:eu-central-1:123456789012:function:test-function", context.GetProperty("FunctionArn").GetString());
        Assert.Equal("eu-central-1", context.GetProperty("Region").GetString());
        Assert.Equal(512, context.GetProperty("MemoryLimitInMB").GetInt32());
        Assert.Matches("^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Sampled=0$", context.GetProperty("TraceId").GetString());
        Assert.InRange(context.GetProperty("RemainingSeconds").GetDouble(), double.Epsilon, 60);
    }

    [Fact]
    public async Task Environment_OfTheProcess_HoldsNothingOfTheHosts()
    {
        await using var function = await TestFunctions.StartAsync(TestFunctions.Definition("Describe", ("MODE", "observe")) with
        {
            Credentials = new("AKIDEXAMPLE", "secret", "token"),
            LogFormat = "JSON",
        });

        var description = await function.DescribeAsync();

        Assert.Equal(
        [
            "ANNOTATIONS_HANDLER", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_FORMAT",
            "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_LEVEL", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION",
            "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "DOTNET_EnableDiagnostics", "DOTNET_ROOT", "HOME", "LAMBDA_TASK_ROOT", "LANG", "MODE", "PATH", "TZ",
            "_HANDLER", "_X_AMZN_TRACE_ID",
            // The lab marks its processes, so that the next run can end those of one that was killed.
        ], description.GetProperty("variables").EnumerateArray().Select(name => name.GetString()).Where(name => name != "RDS_AUTOMATION_LAB_OWNER"));
    }

    [Fact]
    public async Task Invoke_SeveralAtOnce_TakeTurnsInOneProcess()
    {
        await using var function = await TestFunctions.StartAsync("Describe");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => function.DescribeAsync()));

        Assert.Single(answers.Select(answer => answer.GetProperty("ProcessId").GetInt32()).Distinct());
        Assert.Equal([1, 2, 3, 4], answers.Select(answer => answer.GetProperty("Invocation").GetInt32()).Order());
    }

    [Fact]
    public async Task Invoke_PastTheTimeout_EndsTheProcessAndTheNextStartsCold()
    {
        await using var function = await TestFunctions.StartAsync(
            TestFunctions.Definition("Hang") with { Timeout = TimeSpan.FromSeconds(3) });

        var result = await function.InvokeAsync("true");
        var process = await function.LineAsync("began in");
        var next = await function.InvokeAsync("false");

        Assert.False(result.Succeeded);
        Assert.Equal("Sandbox.Timedout", result.ErrorType);
        Assert.Equal($"RequestId: {result.RequestId} Error: Task timed out after 3.00 seconds", result.ErrorMessage);
        Assert.Equal("timeout", result.Report.Status);
        Assert.False(IsAlive(process));
        Assert.True(next.Succeeded, next.ErrorMessage);
        Assert.NotNull(next.Report.InitDuration);
    }

    [Theory]
    [InlineData(3, "Runtime exited with error: exit status 3")]
    [InlineData(0, "Runtime exited without providing a reason")]
    public async Task Invoke_ProcessEndsInTheMiddle_IsAnExitErrorAndTheNextStartsCold(int exitCode, string message)
    {
        await using var function = await TestFunctions.StartAsync("Crash");

        var result = await function.InvokeAsync(exitCode.ToString(CultureInfo.InvariantCulture));
        var next = await function.InvokeAsync("7");

        Assert.Equal("Runtime.ExitError", result.ErrorType);
        Assert.Equal($"RequestId: {result.RequestId} Error: {message}", result.ErrorMessage);
        Assert.Equal("error", result.Report.Status);
        Assert.NotNull(next.Report.InitDuration);
        Assert.EndsWith("exit status 7", next.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_ProcessEndsBeforeItsFirstPoll_IsAnExitError()
    {
        await using var function = await TestFunctions.StartAsync(
            TestFunctions.Definition(null) with { ExecutablePath = "/bin/false" });

        var result = await function.InvokeAsync();

        Assert.Equal("Runtime.ExitError", result.ErrorType);
        Assert.EndsWith("exit status 1", result.ErrorMessage, StringComparison.Ordinal);
        Assert.NotNull(result.Report.InitDuration);
    }

    [Fact]
    public async Task Invoke_InitPastItsTimeout_IsATimeout()
    {
        await using var function = await TestFunctions.StartAsync(
            TestFunctions.Definition("Echo", ("HANG_INIT", "yes")) with { InitTimeout = TimeSpan.FromSeconds(1) });

        var result = await function.InvokeAsync();

        Assert.Equal("Sandbox.Timedout", result.ErrorType);
        Assert.EndsWith("Task timed out after 1.00 seconds", result.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_RunOnceProcess_IsReplacedForTheNextEvent()
    {
        await using var function = await TestFunctions.StartAsync("Describe", ("AWS_LAMBDA_DOTNET_DEBUG_RUN_ONCE", "true"));

        var first = await function.DescribeAsync();
        var second = await function.DescribeAsync();

        Assert.NotEqual(first.GetProperty("ProcessId").GetInt32(), second.GetProperty("ProcessId").GetInt32());
        Assert.Equal(1, second.GetProperty("Invocation").GetInt32());
    }

    [Fact]
    public async Task Dispose_DuringAnInvocation_EndsTheProcess()
    {
        var function = await TestFunctions.StartAsync("Hang");
        var invocation = function.InvokeAsync("true");
        var line = await function.LineAsync("began in");

        await function.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => invocation);
        Assert.False(IsAlive(line));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => function.InvokeAsync());
    }

    [Fact]
    public async Task Invoke_CancelledWhileItWaits_LeavesTheRunningOneAlone()
    {
        await using var function = await TestFunctions.StartAsync("Hang");
        using var cancellation = new CancellationTokenSource();
        var running = function.InvokeAsync("true");
        var line = await function.LineAsync("began in");
        var waiting = function.InvokeAsync("false", cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(running.IsCompleted);
        Assert.True(IsAlive(line));
    }

    [Fact]
    public async Task Start_WithoutAnExecutable_NamesIt()
    {
        var definition = TestFunctions.Definition("Echo") with { ExecutablePath = "/nowhere/function" };

        var error = await Assert.ThrowsAsync<FileNotFoundException>(() => TestFunctions.StartAsync(definition));

        Assert.Equal("Function test-function has no executable at /nowhere/function: build it first.", error.Message);
    }

    /// <summary>The line ends in the process id.</summary>
    private static bool IsAlive(string line) => Directory.Exists($"/proc/{line.Split(' ')[^1]}");
}
