using Automation.Secrets;
using static Automation.Tests.Secrets.Rules.Given;

namespace Automation.Tests.Secrets.Rules;

/// <summary>Two login roles that are one to an application; each way in which they are not, by itself.</summary>
public sealed class PairRulesTests
{
    private static readonly Dictionary<string, Func<RoleFacts, RoleFacts>> Differences = new()
    {
        ["acts as nobody else"] = role => role with { ActsAs = null },
        ["acts as another owner"] = role => role with { ActsAs = "other_owner", MemberOf = [Owner, "other_owner"] },
        ["is not a member of the owner"] = role => role with { MemberOf = [] },
        ["may create databases"] = role => role with { Attributes = "CREATEDB CONNECTION LIMIT -1" },
        ["has a connection limit"] = role => role with { Attributes = "CONNECTION LIMIT 5" },
        ["is a member of more"] = role => role with { Memberships = [.. role.Memberships, "reporting {}"], MemberOf = [Owner, "reporting"] },
        ["has another option on the owner"] = role => role with { Memberships = [$"{Owner} {{\"admin_option\": true}}"] },
        ["has a setting of its own"] = role => role with { Settings = [.. role.Settings, "0 work_mem=64MB"] },
        ["has a setting for one database"] = role => role with { Settings = [.. role.Settings, $"16384 role={Owner}"] },
    };

    public static TheoryData<string> Names => [.. Differences.Keys];

    [Fact]
    public void Check_Twins_AreFit() => Assert.Null(PairRules.Check(PairServer(), Pair));

    [Theory, MemberData(nameof(Names))]
    public void Check_OneOfTheTwoDiffers_IsUnequal(string difference)
    {
        var change = Differences[difference];
        var (first, second) = (PairRole(Pair[0]), PairRole(Pair[1]));

        Assert.All(
            [PairRules.Check(Server(change(first), second), Pair), PairRules.Check(Server(first, change(second)), Pair)],
            refusal => Assert.Equal("pair-unequal", refusal?.Reason));
    }

    // Alike, and still of no use: what one creates belongs to it.
    [Fact]
    public void Check_BothActAsThemselves_IsUnequal()
    {
        var alone = Server(Role(Pair[0]), Role(Pair[1]));

        Assert.Equal("pair-unequal", PairRules.Check(alone, Pair)?.Reason);
    }

    [Fact]
    public void Check_OneIsTheOwner_IsUnequal()
    {
        static RoleFacts ActsAsFirst(string name) => PairRole(name) with { ActsAs = Pair[0], MemberOf = [Pair[0]] };

        Assert.Equal("pair-unequal", PairRules.Check(Server(ActsAsFirst(Pair[0]), ActsAsFirst(Pair[1])), Pair)?.Reason);
    }

    [Fact]
    public void Check_OneOwnsObjects_IsRefused()
    {
        var server = Server(PairRole(Pair[0]), PairRole(Pair[1]) with { OwnedObjects = 1 });

        Assert.Equal("pair-owns-objects", PairRules.Check(server, Pair)?.Reason);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Check_OneCannotUseAPassword_IsRefusedForThat(int which)
    {
        ServerFacts With(Func<RoleFacts, RoleFacts> change) =>
            Server([.. Pair.Select((name, place) => place == which ? change(PairRole(name)) : PairRole(name))]);

        Assert.Equal("no-login", PairRules.Check(With(role => role with { CanLogIn = false }), Pair)?.Reason);
        Assert.Equal("rds-iam-member", PairRules.Check(With(role => role with { InRdsIam = true }), Pair)?.Reason);
        Assert.Equal("expired", PairRules.Check(With(role => role with { Expired = true }), Pair)?.Reason);
        Assert.Equal("role-not-found", PairRules.Check(Server(PairRole(Pair[which])), Pair)?.Reason);
    }

    [Theory, MemberData(nameof(Names))]
    public void Check_AnyRefusal_NamesNoRole(string difference)
    {
        var sentence = PairRules.Check(Server(Differences[difference](PairRole(Pair[0])), PairRole(Pair[1])), Pair)!.Sentence;

        Assert.All([.. Pair, Owner, "other_owner", "reporting"], name => Assert.DoesNotContain(name, sentence, StringComparison.Ordinal));
    }
}
