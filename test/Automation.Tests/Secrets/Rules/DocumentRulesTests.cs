using System.Text.Json.Nodes;
using Automation.Secrets;
using static Automation.Tests.Secrets.Rules.Given;

namespace Automation.Tests.Secrets.Rules;

/// <summary>What values must say before a socket is opened.</summary>
public sealed class DocumentRulesTests
{
    private const string Foreign = "attacker.example.com";

    [Theory]
    [InlineData(Host, null)]
    [InlineData("orders.cluster-abc123.eu-central-1.rds.amazonaws.com", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData("db-proxy.example.com", null)]
    [InlineData("cluster-ro-lookalike.example.com", null)]
    [InlineData("shop.proxy-abc123.eu-central-1.rds.amazonaws.com", "proxy-endpoint")]
    [InlineData("SHOP.PROXY-abc123.eu-central-1.rds.amazonaws.com", "proxy-endpoint")]
    [InlineData("reading.endpoint.proxy-abc123.eu-central-1.rds.amazonaws.com", "proxy-endpoint")]
    [InlineData("orders.cluster-ro-abc123.eu-central-1.rds.amazonaws.com", "reader-endpoint")]
    [InlineData("orders.Cluster-RO-abc123.eu-central-1.rds.amazonaws.com", "reader-endpoint")]
    public void Check_Endpoint_MustBeAWriter(string host, string? reason)
    {
        var refusal = DocumentRules.Check(Secret(("host", host)));

        Assert.Equal(reason, refusal?.Reason);
        if (refusal is not null) Assert.Contains(host, refusal.Sentence, StringComparison.Ordinal);
    }

    // Taking a change back needs a verifier of the current password, and SASLprep makes of others what nobody can foresee. The
    // current password of a pair is not set again.
    [Theory]
    [InlineData("printable ~ \"ASCII\"", null)]
    [InlineData("pässword", "malformed-secret")]
    [InlineData("pass\tword", "malformed-secret")]
    [InlineData("password\n", "malformed-secret")]
    [InlineData("pass\u007fword", "malformed-secret")]
    public void Check_Password_MustHaveAVerifierWhereItIsSetAgain(string password, string? reason)
    {
        Assert.Equal(reason, DocumentRules.Check(Secret(("password", password)))?.Reason);
        Assert.Null(DocumentRules.Check(PairSecret(("password", password))));
        Assert.Equal(reason, DocumentRules.CheckPending(Secret(), Secret(("password", password)))?.Reason);
        Assert.Equal(reason, DocumentRules.CheckPending(PairSecret(), PairSecret(("username", Pair[1]), ("password", password)))?.Reason);
    }

    [Fact]
    public void CheckPending_OnlyThePasswordDiffers_IsFit() =>
        Assert.Null(DocumentRules.CheckPending(Secret(), Secret(("password", "another-Passw0rd"))));

    [Fact]
    public void CheckPending_WhatWeDoNotReadDiffers_IsFit() =>
        Assert.Null(DocumentRules.CheckPending(Secret(("note", "one")), Secret(("note", "two"))));

    // A host name means the same in every case; a role's name does not.
    [Fact]
    public void CheckPending_HostInAnotherCase_IsTheSameHost() =>
        Assert.Null(DocumentRules.CheckPending(Secret(), Secret(("host", Host.ToUpperInvariant()))));

    [Fact]
    public void CheckPending_PortLeftOut_IsTheDefault() =>
        Assert.Null(DocumentRules.CheckPending(Secret(), Secret(("port", "5432"))));

    [Theory]
    [InlineData("host", $"\"{Foreign}\"", "pending-host-differs")]
    [InlineData("host", $"\"{Host}.\"", "pending-host-differs")]
    [InlineData("port", "5433", "pending-host-differs")]
    [InlineData("username", "\"admin\"", "pending-user-differs")]
    [InlineData("username", "\"APP\"", "pending-user-differs")]
    [InlineData("username", "\"app \"", "pending-user-differs")]
    [InlineData("engine", "\"aurora-postgresql\"", "pending-differs")]
    [InlineData("dbname", "\"other\"", "pending-differs")]
    [InlineData("masterarn", $"\"{AdministratorArn}\"", "pending-differs")]
    [InlineData("administrator", "\"iam\"", "pending-differs")]
    [InlineData("usernames", "[\"app\",\"admin\"]", "pending-differs")]
    public void CheckPending_AMemberDiffers_IsRefused(string member, string value, string reason)
    {
        var refusal = DocumentRules.CheckPending(Secret(), Secret((member, JsonNode.Parse(value))));

        Assert.Equal(reason, refusal?.Reason);
        Assert.Contains("nothing was connected to", refusal!.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(Foreign, refusal.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("admin", refusal.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckPending_ForeignHostAndUser_IsRefusedForTheHost() => Assert.Equal("pending-host-differs",
        DocumentRules.CheckPending(Secret(), Secret(("host", Foreign), ("username", "admin")))?.Reason);

    [Fact]
    public void CheckPending_Pair_MustBeTheOtherRoleOfIt()
    {
        Assert.Null(DocumentRules.CheckPending(PairSecret(), PairSecret(("username", Pair[1]))));
        Assert.Equal("pending-user-differs", DocumentRules.CheckPending(PairSecret(), PairSecret())?.Reason);
    }

    [Theory]
    [InlineData("[\"app_b\",\"app_a\"]")]
    [InlineData("[\"app_b\",\"admin\"]")]
    public void CheckPending_AnotherPair_IsRefused(string usernames) => Assert.Equal("pending-differs",
        DocumentRules.CheckPending(PairSecret(), PairSecret(("username", Pair[1]), ("usernames", JsonNode.Parse(usernames))))?.Reason);

    [Theory]
    [InlineData(Host, null)]
    [InlineData("ORDERS.abc123.eu-central-1.rds.amazonaws.com", null)]
    [InlineData(Foreign, "administrator-host-differs")]
    [InlineData("", "administrator-host-differs")]
    [InlineData(null, "administrator-host-differs")]
    public void CheckAdministrator_Host_MustBeTheSecrets(string? host, string? reason) =>
        Assert.Equal(reason, DocumentRules.CheckAdministrator(Secret(), host)?.Reason);

    [Fact]
    public void CheckAdministrator_NoHost_IsToldFromAnother() => Assert.NotEqual(
        DocumentRules.CheckAdministrator(Secret(), null)!.Sentence, DocumentRules.CheckAdministrator(Secret(), Foreign)!.Sentence);

    /// <summary>The suffix of AWS's samples means nothing here: a role that is called so keeps its name.</summary>
    [Theory]
    [InlineData("app_clone")]
    [InlineData("app_clone_clone")]
    [InlineData("_clone")]
    public void NextUser_NameLikeAClone_IsTheSameRole(string name) =>
        Assert.Equal((name, RotationStrategy.SingleUser), (StrategyRules.NextUser(Secret(("username", name))), StrategyRules.Of(Secret(("username", name)))));

    [Theory]
    [InlineData("{}", "single-user")]
    [InlineData("""{"administrator":"iam"}""", "administrator")]
    [InlineData($$"""{"masterarn":"{{AdministratorArn}}"}""", "administrator")]
    [InlineData("""{"usernames":["app","app2"]}""", "alternating-users")]
    [InlineData("""{"usernames":["app","app2"],"administrator":"iam"}""", "alternating-users")]
    [InlineData($$"""{"usernames":["app","app2"],"masterarn":"{{AdministratorArn}}"}""", "alternating-users")]
    public void Strategy_IsWhatTheSecretAsksFor(string members, string name)
    {
        var added = JsonNode.Parse(members)!.AsObject().Select(member => (member.Key, member.Value?.DeepClone()));

        Assert.Equal(name, StrategyRules.NameOf(StrategyRules.Of(Secret([.. added]))));
    }
}
