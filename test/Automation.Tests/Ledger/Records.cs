using Automation.Ledger;
using Automation.Outcomes;

namespace Automation.Tests.Ledger;

internal static class Records
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static ActionRecord Record(TimeSpan ago, string incident = "alarm-1", ActionResult result = ActionResult.Done, ActionGroup? group = null) => new()
    {
        ResourceId = "db-ABC",
        At = Now - ago,
        Capability = "connections",
        Key = "4711",
        Action = "terminate-session",
        Database = "orders",
        Mode = Mode.Act,
        RequestId = "request-1",
        Incident = incident,
        Group = group,
        Before = """{"pid":4711}""",
        Result = result,
    };
}
