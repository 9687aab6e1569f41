namespace Automation.Failover.Page;

/// <summary>How an error class looks in the chart, and what it is called in the legend.</summary>
internal static class ErrorLooks
{
    /// <summary>A class of <see cref="PageStyle"/>; never a text from outside.</summary>
    public static string Style(string? error) => error switch
    {
        null => "ok",
        ErrorClasses.Timeout => "silent",
        ErrorClasses.Refused => "refused",
        ErrorClasses.Lost => "cut",
        ErrorClasses.NoRoute or ErrorClasses.Name => "dns",
        "57P01" or "57P02" => "stopping",
        "57P03" => "starting",
        "25006" => "readonly",
        ErrorClasses.Warned => "warned",
        _ => "other",
    };

    public static string Meaning(string? error, ProbeTimes times) => error switch
    {
        null => "answered",
        ErrorClasses.Timeout => $"no answer within {Words.Span(times.Deadline)}",
        ErrorClasses.Refused => "connection refused",
        ErrorClasses.Lost => "connection lost",
        ErrorClasses.NoRoute => "no route to the host",
        ErrorClasses.Name => "name not resolved",
        ErrorClasses.Tls => "server not verified",
        ErrorClasses.Warned => "commit with a warning",
        "57P01" => "57P01: shut down by an administrator",
        "57P02" => "57P02: server crashed",
        "57P03" => "57P03: server starts up or shuts down",
        "25006" => "25006: server takes no writes",
        "28000" or "28P01" => $"{error}: login refused",
        "53300" => "53300: too many connections",
        _ => error,
    };
}
