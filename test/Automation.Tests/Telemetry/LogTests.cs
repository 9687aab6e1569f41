using System.Globalization;
using System.Text.Json;
using Amazon.Lambda.Core;
using Automation.Outcomes;
using Automation.Telemetry;

namespace Automation.Tests.Telemetry;

public sealed class LogTests
{
    private const string Hostile = "x\r\n{\"level\":\"forged\"}\u2028\u001b[2J\u202e";

    private readonly KeptLogger logger = new();

    public static TheoryData<string> Events => [.. Calls.Keys];

    private static readonly Dictionary<string, Action<ILambdaLogger, string>> Calls = new()
    {
        ["InputRefused"] = (logger, text) => Log.InputRefused(logger, "RelieveConnections", text),
        ["OutcomeReached"] = (logger, text) => Log.OutcomeReached(logger, "connections", Outcome(text, Decision.Acted)),
        ["DatabaseFailed"] = (logger, text) => Log.DatabaseFailed(logger, "connections", text, new InvalidDataException(text)),
        ["Notified"] = (logger, text) => Log.Notified(logger, "connections", text),
    };

    private static Outcome Outcome(string text, Decision decision) => new()
    {
        Database = text,
        Kind = "instance",
        Decision = decision,
        Reason = text,
        Summary = text,
        Resource = text,
        Details = JsonElement.Parse("{}"),
    };

    [Fact]
    public void Calls_AreAllMethodsOfLog() => Assert.Equal(
        typeof(Log).GetMethods(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static).Select(method => method.Name).Order(),
        Calls.Keys.Order());

    [Theory]
    [MemberData(nameof(Events))]
    public void Event_WithHostileText_IsOneRecordOnOneLine(string name)
    {
        Calls[name](logger, Hostile);

        var (_, template, arguments) = Assert.Single(logger.Records);
        Assert.All([template, .. arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture)!)], text =>
            Assert.DoesNotContain(text, c => char.IsControl(c) || c is '\u2028' or '\u202e'));
        Assert.Contains(arguments, argument => argument.ToString()!.StartsWith("x\\u000d", StringComparison.Ordinal));
        // Each placeholder has its argument: the runtime makes fields of them by position.
        Assert.Equal(template.Count(c => c == '{'), arguments.Length);
    }

    [Theory]
    [InlineData("Failed", "Error", "failed")]
    [InlineData("NothingToDo", "Information", "nothing-to-do")]
    public void OutcomeReached_HasLevelAndNameOfItsDecision(string decision, string level, string name)
    {
        Log.OutcomeReached(logger, "connections", Outcome("orders", Enum.Parse<Decision>(decision)));

        var record = Assert.Single(logger.Records);
        Assert.Equal(level, record.Level);
        Assert.Contains(name, record.Arguments);
    }

    private sealed class KeptLogger : ILambdaLogger
    {
        public List<(string Level, string Template, object[] Arguments)> Records { get; } = [];

        public void Log(string message) => LogLine(message);

        public void LogLine(string message) => Records.Add(("Information", message, []));

        public void Log(string level, string message, params object[] args) => Records.Add((level, message, args));
    }
}
