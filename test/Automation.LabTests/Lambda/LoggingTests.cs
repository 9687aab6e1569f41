using System.Globalization;
using System.Text.Json;

namespace Automation.LabTests.Lambda;

/// <summary>What the runtime writes to the log, whatever the text holds.</summary>
public sealed class LoggingTests
{
    /// <summary>Tries to end the line, to forge a record, to colour a terminal, to be taken for a template.</summary>
    private const string Hostile = "a\r\n{\"level\":\"Critical\",\"message\":\"forged\"}\n\u2028\u2029\u0085\u001b[31m\u0000\"'<é> {0} {count} }{";

    [Fact]
    public async Task Json_HostileText_IsOneRecordForEachCall()
    {
        var (records, result) = await LogAsync("INFO");

        Assert.Equal(8, records.Count);
        Assert.All(records, record =>
        {
            Assert.Equal(result.RequestId, record.GetProperty("requestId").GetString());
            Assert.StartsWith("Root=1-", record.GetProperty("traceId").GetString(), StringComparison.Ordinal);
            Assert.True(DateTimeOffset.TryParseExact(record.GetProperty("timestamp").GetString(), "yyyy-MM-ddTHH:mm:ss.fffZ",
                CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _));
            Assert.NotEqual("Critical", record.GetProperty("level").GetString());
        });
        // LogInformation, LogLine, LambdaLogger and Console.WriteLine.
        Assert.Equal(4, records.Count(record => Level(record) == "Information" && Message(record) == Hostile));
        // Console.Error.
        Assert.Single(records, record => Level(record) == "Error" && Message(record) == Hostile);
    }

    [Fact]
    public async Task Json_NamedArguments_BecomeProperties()
    {
        var (records, _) = await LogAsync("INFO");

        var warning = Assert.Single(records, record => Level(record) == "Warning");
        Assert.Equal($"orders has 3 of {Hostile}", Message(warning));
        Assert.Equal("orders", warning.GetProperty("database").GetString());
        Assert.Equal(3, warning.GetProperty("count").GetInt32());
        Assert.Equal(Hostile, warning.GetProperty("text").GetString());
        var names = Assert.Single(records, record => record.TryGetProperty("names", out _));
        Assert.Equal("names {names} of {missing}", Message(names));
        Assert.Equal(["a", "b"], names.GetProperty("names").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task Json_Exception_HasTypeMessageAndStack()
    {
        var (records, _) = await LogAsync("INFO");

        var error = Assert.Single(records, record => record.TryGetProperty("errorType", out _));
        Assert.Equal("Error", Level(error));
        Assert.Equal("failed on 1970-01-01T00:00:00.000Z", Message(error));
        Assert.Equal("System.InvalidOperationException", error.GetProperty("errorType").GetString());
        Assert.Equal(Hostile, error.GetProperty("errorMessage").GetString());
        Assert.NotEmpty(error.GetProperty("stackTrace").EnumerateArray());
    }

    [Theory]
    [InlineData("DEBUG", 9)]
    [InlineData("INFO", 8)]
    [InlineData("WARN", 4)]
    [InlineData("ERROR", 3)]
    [InlineData("FATAL", 1)]
    public async Task Json_Level_LeavesOutWhatIsBelow(string level, int records) =>
        Assert.Equal(records, (await LogAsync(level)).Records.Count);

    [Fact]
    public async Task Text_Record_HasTimeRequestAndLevelBeforeTheMessage()
    {
        var function = await TestFunctions.StartAsync("Log");
        string requestId;
        await using (function) requestId = (await function.InvokeAsync("\"plain\"")).RequestId;

        Assert.Contains(function.Lines, line => line.EndsWith($"Z\t{requestId}\tinfo\tplain", StringComparison.Ordinal));
        Assert.Contains(function.Lines, line => line.EndsWith($"Z\t{requestId}\twarn\torders has 3 of plain", StringComparison.Ordinal));
        Assert.Contains(function.Lines, line => line.EndsWith($"Z\t{requestId}\tfail\tplain", StringComparison.Ordinal));
        Assert.Contains(function.Lines, line => line.EndsWith($"Z\t{requestId}\tplain", StringComparison.Ordinal));
    }

    /// <summary>Everything the function wrote, with the one raw line taken out.</summary>
    private static async Task<(IReadOnlyList<JsonElement> Records, Automation.Lab.Lambda.InvocationResult Result)> LogAsync(string level)
    {
        var function = await TestFunctions.StartAsync(TestFunctions.Definition("Log") with { LogFormat = "JSON", LogLevel = level });
        Automation.Lab.Lambda.InvocationResult result;
        await using (function) result = await function.InvokeAsync(JsonSerializer.Serialize(Hostile));

        Assert.True(result.Succeeded, result.ErrorMessage);
        Assert.All(function.Lines, line => Assert.All(line, character => Assert.InRange(character, ' ', '~')));
        Assert.Single(function.Lines, "{\"_aws\":{}}");
        return ([.. function.Lines.Where(line => line != "{\"_aws\":{}}").Select(line => JsonDocument.Parse(line).RootElement)], result);
    }

    private static string? Level(JsonElement record) => record.GetProperty("level").GetString();

    private static string? Message(JsonElement record) => record.GetProperty("message").GetString();
}
