using Automation.Ledger;
using Automation.Secrets;
using Automation.Tests.Secrets.Rules;
using NSubstitute;

namespace Automation.Tests.Secrets;

/// <summary>What the ledger proves of a secret: that it set the password of this role on this server, and of no other.</summary>
public sealed class RotationRecordsTests
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, int, string, bool> Documents => new()
    {
        { "the same", Given.Host, 5432, Given.User, true },
        { "the host in capitals", Given.Host.ToUpperInvariant(), 5432, Given.User, true },
        { "another role", Given.Host, 5432, "billing", false },
        { "its namesake on another host", "production.abc123.eu-central-1.rds.amazonaws.com", 5432, Given.User, false },
        { "its namesake at another port", Given.Host, 5433, Given.User, false },
    };

    /// <summary>Whoever may write a secret could have it rotated on a server of their own, and then name any other in it.</summary>
    [Theory]
    [MemberData(nameof(Documents))]
    public async Task HasSet_RoleAndServer_AreThoseOfTheRecord(string what, string host, int port, string role, bool proven)
    {
        var written = new List<ActionRecord>();
        var ledger = Substitute.For<ILedger>();
        ledger.RecordAsync(null!, null!, Test).ReturnsForAnyArgs(call =>
        {
            written.Add(call.Arg<ActionRecord>());
            return new RecordResult.Recorded();
        });
        ledger.HistoryAsync(Given.Arn, RotateSecret.Capability, Arg.Any<DateTimeOffset>(), Arg.Any<CancellationToken>()).Returns(_ => written);
        var records = new RotationRecords(ledger, TimeProvider.System);
        Assert.Null(await records.WriteAsync(Given.Rotation(pending: Given.Secret()), RotationRecords.SetPassword, new Invocation("request", DateTimeOffset.MaxValue), Test));

        var isProven = await records.HasSetAsync(Given.Arn, Given.Secret(("host", host), ("port", port), ("username", role)), Test);

        Assert.Equal((what, proven), (what, isProven));
        Assert.DoesNotContain(Given.User, written.Single().Group!.Role, StringComparison.Ordinal);
    }
}
