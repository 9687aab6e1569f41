using System.Globalization;
using System.Text.RegularExpressions;
using Automation.Lab.Template;
using Automation.Tests.Template;

namespace Automation.Tests.Docs;

/// <summary>What of the template is paid for.</summary>
internal sealed partial class StackParts
{
    private static readonly string[] OfDatabases = ["ConnectionsAlarm", "StorageAlarm"];

    private readonly SamTemplate deployed;

    private StackParts(SamTemplate deployed) => this.deployed = deployed;

    /// <summary>Every metric of an alarm is charged, those of a sum too; a query by the metrics it finds.</summary>
    public decimal HealthMetrics => Health.Where(alarm => !alarm.IsInsightsQuery).Sum(alarm => alarm.Metrics.Count(metric => metric.Statistic is not null));

    public decimal InsightsAlarms => Health.Count(alarm => alarm.IsInsightsQuery);

    public static decimal Dashboards => TemplateTree.OfType("AWS::CloudWatch::Dashboard").Count;

    public static decimal Keys => TemplateTree.OfType("AWS::KMS::Key").Count;

    public static decimal InterfaceEndpoints => TemplateTree.OfType("AWS::EC2::VPCEndpoint").Values.Count(endpoint => (string?)endpoint["VpcEndpointType"] == "Interface");

    /// <summary>Days that logs are kept.</summary>
    public static decimal LogDays => (decimal)TemplateTree.Choices["LogRetentionDays"]!["Default"]!;

    private IEnumerable<TemplateAlarm> Health => deployed.Alarms.Where(alarm => !OfDatabases.Contains(alarm.LogicalId));

    /// <param name="choices">Parameters; one that the template does not have is left out.</param>
    public static StackParts Of(params (string Name, string Value)[] choices) =>
        new(TemplateTree.Deployed([.. choices.Where(choice => TemplateTree.Choices.ContainsKey(choice.Name))]));

    /// <summary>The parameter that leaves a function out.</summary>
    public static string SwitchOf(string function) => function switch
    {
        "RelieveConnections" => "InstallConnections",
        "RotateSecret" => "InstallSecrets",
        "TakeSnapshots" or "ReconcileSnapshots" => "InstallSnapshots",
        "TestFailover" => "InstallFailover",
        "GrowStorage" or "ForecastStorage" => "InstallStorage",
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, null),
    };

    public decimal Timeout(string function) => (decimal)FunctionOf(function).Timeout.TotalSeconds;

    public decimal Gigabytes(string function) => FunctionOf(function).MemorySize / 1024m;

    /// <summary>How often its schedule sets it off in a month of 730 hours.</summary>
    public decimal Runs(string function) => 730m / HoursBetween(FunctionOf(function).Rules.Single(rule => rule.Schedule is not null).Schedule!);

    private TemplateFunction FunctionOf(string function) => deployed.Function($"{function}Function");

    private static decimal HoursBetween(string schedule)
    {
        if (Rate().Match(schedule) is { Success: true } rate)
        {
            var number = decimal.Parse(rate.Groups["number"].Value, CultureInfo.InvariantCulture);
            return rate.Groups["unit"].Value switch { "minute" => number / 60, "hour" => number, _ => number * 24 };
        }
        return schedule switch
        {
            _ when Hourly().Match(schedule) is { Success: true } hourly => 1m / hourly.Groups["minutes"].Value.Split(',').Length,
            _ when Daily().IsMatch(schedule) => 24,
            _ when Weekly().IsMatch(schedule) => 168,
            _ => throw new InvalidOperationException($"The bill knows rates, and cron at minutes of each hour, once a day or once a week, not {schedule}."),
        };
    }

    [GeneratedRegex(@"\Arate\((?<number>[0-9]+) (?<unit>minute|hour|day)s?\)\z")]
    private static partial Regex Rate();

    [GeneratedRegex(@"\Acron\((?<minutes>[0-9]+(?:,[0-9]+)*) \* \* \* \? \*\)\z")]
    private static partial Regex Hourly();

    [GeneratedRegex(@"\Acron\([0-9]+ [0-9]+ \* \* \? \*\)\z")]
    private static partial Regex Daily();

    [GeneratedRegex(@"\Acron\([0-9]+ [0-9]+ \? \* [A-Z]{3} \*\)\z")]
    private static partial Regex Weekly();
}
