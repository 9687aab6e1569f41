using Automation.Database;

namespace Automation.Tests.Database;

public sealed class EndpointChoiceTests
{
    [Theory]
    [InlineData(EndpointPurpose.Ordinary, EndpointKind.Proxy)]
    [InlineData(EndpointPurpose.Remediation, EndpointKind.Instance)]
    [InlineData(EndpointPurpose.ReadsThatBearLag, EndpointKind.ClusterReader)]
    public void For_AllOffered_TakesTheOneMadeForThePurpose(EndpointPurpose purpose, EndpointKind expected) =>
        Assert.Equal(expected, EndpointChoice.For(purpose, Offer(Enum.GetValues<EndpointKind>()))?.Kind);

    [Fact]
    public void For_RemediationWithoutAnInstanceEndpoint_TakesNone() =>
        Assert.Null(EndpointChoice.For(EndpointPurpose.Remediation,
            Offer(EndpointKind.Proxy, EndpointKind.ClusterWriter, EndpointKind.ClusterReader)));

    [Fact]
    public void For_OrdinaryWithReadersOnly_TakesNone() =>
        Assert.Null(EndpointChoice.For(EndpointPurpose.Ordinary, Offer(EndpointKind.ClusterReader)));

    [Fact]
    public void For_LaggingReadsWithoutAReader_GoWhereOrdinaryOnesGo() =>
        Assert.Equal(EndpointKind.Proxy,
            EndpointChoice.For(EndpointPurpose.ReadsThatBearLag, Offer(EndpointKind.Instance, EndpointKind.Proxy))?.Kind);

    private static DatabaseEndpoint[] Offer(params EndpointKind[] kinds) =>
        [.. kinds.Select(kind => new DatabaseEndpoint($"{kind}.example.com", 5432, kind))];
}
