using System.Text.Json;
using Amazon.Lambda.Core;
using Automation.Outcomes;

namespace Automation.Telemetry;

/// <summary>
/// Every log event of the application, with named arguments that become fields of the JSON log. Text from outside goes
/// through <see cref="Printable"/>: one event, one line, whatever an alarm or a session is called.
/// </summary>
internal static class Log
{
    public static void InputRefused(ILambdaLogger logger, string function, string error) =>
        logger.LogError("{function} cannot read its input: {error}", function, Printable.Line(error));

    public static void OutcomeReached(ILambdaLogger logger, string capability, Outcome outcome) => logger.Log(
        outcome.Decision == Decision.Failed ? LogLevel.Error : LogLevel.Information,
        "{capability} {database}: {decision} ({reason}): {summary}",
        capability, Printable.Line(outcome.Database), JsonNamingPolicy.KebabCaseLower.ConvertName(outcome.Decision.ToString()),
        Printable.Line(outcome.Reason), Printable.Line(outcome.Summary, 2000));

    /// <summary>Something broke. Type and message on one line: the invocation's own error answer carries the rest.</summary>
    public static void DatabaseFailed(ILambdaLogger logger, string capability, string database, Exception exception) => logger.LogError(
        "{capability} {database}: failed with {exceptionType}: {exceptionMessage}",
        capability, Printable.Line(database), exception.GetType().FullName ?? exception.GetType().Name, Printable.Line(exception.Message, 2000));

    public static void Notified(ILambdaLogger logger, string capability, string database) =>
        logger.LogInformation("{capability} {database}: notification sent", capability, Printable.Line(database));
}
