using Amazon.Lambda.Core;
using Automation.Ledger;
using Automation.Notifications;
using Automation.Outcomes;
using Automation.Telemetry;
using NSubstitute;

namespace Automation.Tests;

public sealed class FunctionRunTests
{
    private static readonly Settings Settings = new()
    {
        Mode = Mode.Act,
        TagPrefix = "automation",
        NotificationTopicArn = "arn:aws:sns:us-east-1:123456789012:topic",
        LedgerTableName = "ledger",
        StagingTag = new StagingTag("environment", "staging"),
        DatabaseUser = "automation",
        CaBundlePath = null,
    };

    // Lambda hands the message on to the failure destination: that of a thousand databases would be too long for it.
    [Theory]
    [InlineData(10, "database-10: aws-error: not answered", "")]
    [InlineData(1_000, "database-10: aws-error: not answered; and 990 more, which the log names", "database-11:")]
    public async Task Finish_ManyThatFailed_NamesTenAndCountsTheRest(int failed, string end, string unnamed)
    {
        var run = new FunctionRun(Substitute.For<INotifier>(), Substitute.For<ILedger>(), new TelemetryWriter(Stream.Null, TimeProvider.System), Settings);
        var conclusions = Enumerable.Range(1, failed).Select(number => new Conclusion(DatabaseOutcome.OfUnknown($"database-{number}", "arn", Decision.Failed, "aws-error", "not answered"))).ToList();

        var error = await Assert.ThrowsAsync<InvocationFailedException>(() => run.FinishAsync("snapshots", conclusions, Substitute.For<ILambdaLogger>(), TestContext.Current.CancellationToken));

        Assert.EndsWith(end, error.Message, StringComparison.Ordinal);
        if (unnamed.Length > 0) Assert.DoesNotContain(unnamed, error.Message, StringComparison.Ordinal);
    }
}
