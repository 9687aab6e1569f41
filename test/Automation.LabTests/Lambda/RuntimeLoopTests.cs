using System.Text.Json;

namespace Automation.LabTests.Lambda;

/// <summary>How the runtime in the function's process takes events and gives answers.</summary>
public sealed class RuntimeLoopTests
{
    [Fact]
    public async Task Handler_Throws_IsReportedWithItsCauseAndTheLoopGoesOn()
    {
        await using var function = await TestFunctions.StartAsync("Fail");

        var result = await function.InvokeAsync();
        var next = await function.InvokeAsync();

        Assert.False(result.Succeeded);
        Assert.Equal("InvalidOperationException", result.ErrorType);
        Assert.Equal("no snapshot today", result.ErrorMessage);
        var payload = TestFunctions.Json(result);
        Assert.Contains(payload.GetProperty("stackTrace").EnumerateArray(),
            frame => frame.GetString()!.Contains("Functions.Fail", StringComparison.Ordinal));
        Assert.Equal("ArgumentException", payload.GetProperty("cause").GetProperty("errorType").GetString());
        Assert.Equal("the database has no tag", payload.GetProperty("cause").GetProperty("errorMessage").GetString());
        Assert.Null(next.Report.InitDuration);
    }

    [Theory]
    [InlineData("Echo", """{"detail":""", "LineNumber: 0 | BytePositionInLine: 10")]
    [InlineData("Echo", "{\n  \"a\": tru", "LineNumber: 1 | BytePositionInLine: 10")]
    [InlineData("Echo", "", "LineNumber: 0 | BytePositionInLine: 0")]
    [InlineData("Big", "\"many\"", "Path: $ | LineNumber: 0 | BytePositionInLine: 6")]
    public async Task Event_NotReadable_IsAnErrorWithThePositionAndTheLoopGoesOn(string method, string json, string position)
    {
        await using var function = await TestFunctions.StartAsync(method);

        var result = await function.InvokeAsync(json);
        var next = await function.InvokeAsync("12");

        Assert.Equal("JsonSerializerException", result.ErrorType);
        Assert.StartsWith("Error converting the Lambda event JSON payload to type System.", result.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains(position, result.ErrorMessage, StringComparison.Ordinal);
        Assert.True(next.Succeeded, next.ErrorMessage);
        Assert.Null(next.Report.InitDuration);
    }

    [Fact]
    public async Task Response_OfATypeOutsideTheContext_IsAnErrorThatNamesIt()
    {
        await using var function = await TestFunctions.StartAsync("Unknown");

        var result = await function.InvokeAsync();

        Assert.Equal("JsonSerializerException", result.ErrorType);
        Assert.Contains("Automation.TestFunction.Counter", result.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_ByDefault_IsPascalCaseWithoutNulls()
    {
        await using var function = await TestFunctions.StartAsync("Describe");

        var answer = await function.DescribeAsync();

        Assert.True(answer.TryGetProperty("ProcessId", out _));
        Assert.True(answer.TryGetProperty("variables", out _));
        Assert.False(answer.TryGetProperty("Nothing", out _));
    }

    [Fact]
    public async Task Event_Scheduled_IsRead()
    {
        await using var function = await TestFunctions.StartAsync("Scheduled");

        var result = await function.InvokeAsync("""
            {"version":"0","id":"1","detail-type":"Scheduled Event","source":"aws.events","account":"123456789012",
             "time":"2026-03-01T04:05:06Z","region":"eu-central-1","resources":["arn:aws:events:rule/nightly"],"detail":{}}
            """);

        Assert.Equal("Scheduled Event 2026-03-01T04:05:06.0000000Z arn:aws:events:rule/nightly", TestFunctions.Json(result).GetString());
    }

    [Fact]
    public async Task Event_OfSixMegabytes_GoesThroughUnchanged()
    {
        await using var function = await TestFunctions.StartAsync("Echo");
        var text = JsonSerializer.Serialize(new string('x', 6 * 1024 * 1024 - 2));

        var result = await function.InvokeAsync(text);

        Assert.True(result.Succeeded, result.ErrorMessage);
        Assert.Equal(6 * 1024 * 1024, result.Payload.Length);
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(result.Payload.Span));
    }
}
