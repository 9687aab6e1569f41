using System.Text.Json;
using System.Text.Json.Nodes;
using Automation.Database;
using Automation.Events;
using Automation.Outcomes;
using Automation.Secrets;
using FsCheck;
using FsCheck.Fluent;
using static Automation.Tests.Secrets.Rules.Given;

namespace Automation.Tests.Secrets.Rules;

/// <summary>Whatever a secret holds and whatever is refused: no password, no RotationToken and no role's name reaches a text.</summary>
public sealed class SecretsConclusionsProperties
{
    // None of our words has ten of these in a row.
    private static Gen<string> Word(string alphabet) => from length in Gen.Choose(10, 30)
                                                        from characters in Gen.Elements(alphabet.ToCharArray()).ArrayOf(length)
                                                        select new string(characters);

    private static readonly Gen<string> Name = Word("QXZJqxzj0189-._~\"'%$\\é🦀").Where(SqlIdentifier.IsName);

    private sealed record Sample(string User, string Other, string Password, string Next, string RotationToken, string? Identifier, Refusal Refusal, int Request);

    private static readonly Gen<Sample> Samples =
        from user in Name
        from other in Name
        where user != other
        from password in Word("QXZJqxzj0189-._~\"'%$\\ \né🦀")
        from next in Word("QXZJqxzj0189-._~")
        from token in Word("QXZJqxzj0189-").Select(text => (text + text + text + text)[..36])
        from identifier in Gen.Elements(null, "orders")
        from refusal in Gen.Elements(Refusals(user, other, password, next))
        from request in Gen.Choose(0, 4)
        select new Sample(user, other, password, next, token, identifier, refusal, request);

    [Fact]
    public void Of_AnySecretAndAnyEnd_SaysNothingOfWhatIsSecret() => Prop.ForAll(Samples.ToArbitrary(), sample =>
    {
        var request = sample.Request == 4
            ? (RotationRequest)new RotationRequest.ByHand(Arn, Mode.Act)
            : Step((RotationStep)sample.Request, sample.RotationToken);
        var rotation = Rotation(
            Document(sample.User, sample.Other, sample.Password, sample.Identifier), Document(sample.Other, sample.User, sample.Next, sample.Identifier));
        StepResult[] ends =
        [
            StepResult.Stopped(sample.Refusal),
            StepResult.Stopped(sample.Refusal, rotation),
            new(Decision.Acted, Reasons.Rotated, sample.Refusal.Sentence) { Rotation = rotation, Gap = TimeSpan.FromSeconds(1), Notes = [sample.Refusal.Sentence] },
        ];
        var said = ends.SelectMany(end => Said(SecretsConclusions.Of(request, end))).Append(rotation.ToString()).Append(request.ToString()).ToList();
        string[] secret = [sample.Password, sample.Next, sample.RotationToken];
        string[] names = [sample.User, sample.Other];
        // A record of ours may print a role's name in a debugger; nobody prints the record.
        return said.TrueForAll(text => Array.TrueForAll(secret, word => !text.Contains(word, StringComparison.Ordinal)))
            && said[..^2].TrueForAll(text => Array.TrueForAll(names, name => !text.Contains(name, StringComparison.Ordinal)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static SecretDocument Document(string user, string other, string password, string? identifier) => Secret(
        ("username", user), ("usernames", new JsonArray(user, other)), ("password", password), ("dbInstanceIdentifier", identifier));

    /// <summary>What the rules say when everything they look at holds a name or a password.</summary>
    private static Refusal[] Refusals(string user, string other, string password, string next)
    {
        var current = Document(user, other, password, null);
        var words = $"password authentication failed for user \"{user}\" with \"{password}\", not \"{next}\"";
        var owned = PairRole(user) with { ActsAs = other, MemberOf = [other], Memberships = [other], Settings = [$"0 role={other}"] };
        Refusal?[] said =
        [
            .. from kind in Enum.GetValues<FailureClass>()
               from state in new[] { null, "28P01", "28000", "42501", "53300", "55P03", "XX000" }
               from login in Enum.GetValues<RotationLogin>()
               select LoginRules.Explain(new DatabaseFailure(kind, words, state), login),
            DocumentRules.CheckPending(current, Document(user, other, next, null)),
            DocumentRules.CheckPending(current, Secret(("username", other), ("password", next))),
            DocumentRules.CheckPending(current, Secret(("host", "elsewhere.example.com"), ("username", other), ("password", next))),
            PairRules.Check(Server(owned, PairRole(other)), [user, other]),
            PairRules.Check(Server(PairRole(user), PairRole(other) with { Memberships = [user] }), [user, other]),
            PairRules.Check(Server(PairRole(user), PairRole(other) with { OwnedObjects = 3 }), [user, other]),
            PreflightRules.CheckChange(Server(), user, byRoleItself: true),
            PreflightRules.CheckChange(Server(Role(user) with { InRdsIam = true }), user, byRoleItself: true),
            PreflightRules.CheckChange(Server(Role(user)) with { WeHaveCreateRole = false, We = other }, user, byRoleItself: false),
        ];
        return [.. said.OfType<Refusal>()];
    }

    private static IEnumerable<string> Said(Conclusion conclusion)
    {
        var (outcome, announcement) = (conclusion.Outcome, conclusion.Announcement);
        string[] texts = [outcome.Database, outcome.Kind, outcome.Reason, outcome.Summary, outcome.Resource, announcement?.Headline ?? "", announcement?.Text ?? ""];
        return texts.Concat(Strings(outcome.Details));
    }

    private static IEnumerable<string> Strings(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => Strings(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Strings),
        JsonValueKind.String => [json.GetString()!],
        _ => [],
    };
}
