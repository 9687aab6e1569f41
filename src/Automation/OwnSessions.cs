using Automation.Database;

namespace Automation;

/// <summary>How our own sessions are named, so that a person finds them in <c>pg_stat_activity</c>.</summary>
internal static class OwnSessions
{
    public static DataSourceOptions Options { get; } = new() { ApplicationName = "rds-automation" };
}
