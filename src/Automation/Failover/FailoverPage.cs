using System.Net;

namespace Automation.Failover;

/// <summary>The page of a test.</summary>
internal static class FailoverPage
{
    public static string Write(FailoverReport report) =>
        $"<!DOCTYPE html><meta charset=\"utf-8\"><title>Failover test</title><pre>{WebUtility.HtmlEncode(FailoverText.Of(report, null))}</pre>";
}
