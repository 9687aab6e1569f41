using System.Text.Json;
using Automation.Events;
using Automation.Outcomes;
using Automation.Secrets;
using FsCheck;
using FsCheck.Fluent;

namespace Automation.Tests.Secrets;

public sealed class RotationRequestReaderTests
{
    private const string Arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-AbCdEf";
    private const string Token = "12345678-1234-1234-1234-1234567890ab";
    private const string Canary = "canary-rotation-token-12345678901234567890";
    private const string Steps = "createSecret, setSecret, testSecret or finishSecret";
    private const string Ids = "the ARN or name of a secret: 1 to 2048 printable ASCII characters without a space";

    private static string Event(string? step = "\"createSecret\"", string? secretId = $"\"{Arn}\"", string? token = $"\"{Token}\"", string? rotationToken = null,
        string? more = null)
    {
        (string Name, string? Json)[] members =
            [("Step", step), ("SecretId", secretId), ("ClientRequestToken", token), ("RotationToken", rotationToken)];
        return $"{{{string.Join(',', [.. members.Where(member => member.Json is not null).Select(member => $"\"{member.Name}\":{member.Json}"), .. more is null ? [] : new[] { more }])}}}";
    }

    private static RotationRequest Read(string json) => RotationRequestReader.Read(JsonElement.Parse(json));

    private static string Complaint(string json) => Assert.Throws<InvalidInputException>(() => Read(json)).Message;

    [Theory]
    [InlineData("createSecret", RotationStep.Create)]
    [InlineData("setSecret", RotationStep.Set)]
    [InlineData("testSecret", RotationStep.Test)]
    [InlineData("finishSecret", RotationStep.Finish)]
    internal void Read_EachStep_IsThatStep(string name, RotationStep step) =>
        Assert.Equal(new RotationRequest.Step(step, Arn, Token, null), Read(Event($"\"{name}\"")));

    [Fact]
    public void Read_RotationToken_IsTakenAndNotPrinted()
    {
        var request = Read(Event(rotationToken: $"\"{Canary}\""));

        Assert.Equal(new RotationRequest.Step(RotationStep.Create, Arn, Token, new Concealed(Canary)), request);
        Assert.DoesNotContain(Canary, request.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UnknownMembersAndNulls_AreIgnored() =>
        Assert.Equal(new RotationRequest.Step(RotationStep.Create, Arn, Token, null),
            Read(Event(rotationToken: "null", more: "\"detail\":null,\"New\":{\"Step\":1},\"New\":2,\"step\":\"setSecret\"")));

    [Theory]
    [InlineData("""{"detail":{"secret":"orders"}}""", Mode.Observe)]
    [InlineData("""{"detail":{"secret":"orders","mode":null}}""", Mode.Observe)]
    [InlineData("""{"detail":{"secret":"orders","mode":"observe","more":1}}""", Mode.Observe)]
    [InlineData("""{"source":"me","detail":{"mode":"act","secret":"orders"}}""", Mode.Act)]
    public void Read_ByHand_ObservesUnlessToldToAct(string json, Mode mode) => Assert.Equal(new RotationRequest.ByHand("orders", mode), Read(json));

    public static TheoryData<string, string> WrongEvents => new()
    {
        { "null", "event: expected an object, found null" },
        { "[]", "event: expected an object, found an array" },
        { "{}", "event: expected a rotation step or detail.secret, found neither" },
        { """{"detail":null}""", "event: expected a rotation step or detail.secret, found neither" },
        { Event(more: "\"detail\":{\"secret\":\"orders\"}"), "event: expected a rotation step or detail.secret, found both" },
        { $"{{\"RotationToken\":\"{Canary}\",\"detail\":{{\"secret\":\"orders\"}}}}", "event: expected a rotation step or detail.secret, found both" },
        { Event(step: null), $"Step: expected {Steps}, found nothing" },
        { Event(step: "7"), $"Step: expected {Steps}, found a number" },
        { Event(step: "\"create_secret\""), $"Step: expected {Steps}, found a string of 13 characters" },
        { Event(step: "\"CreateSecret\""), $"Step: expected {Steps}, found a string of 12 characters" },
        { Event(step: "\"createSecret\\n\""), $"Step: expected {Steps}, found a string of 13 characters" },
        { Event(step: "\"\""), $"Step: expected {Steps}, found a string of 0 characters" },
        { Event(secretId: null), $"SecretId: expected {Ids}, found nothing" },
        { Event(secretId: "\"\""), $"SecretId: expected {Ids}, found a string of 0 characters" },
        { Event(secretId: "\"a b\""), $"SecretId: expected {Ids}, found a string of 3 characters" },
        { Event(secretId: "\"a\\r\\nb\""), $"SecretId: expected {Ids}, found a string of 4 characters" },
        { Event(secretId: "\"é\""), $"SecretId: expected {Ids}, found a string of 1 characters" },
        { Event(secretId: $"\"{new string('a', 2049)}\""), $"SecretId: expected {Ids}, found a string of 2049 characters" },
        { Event(secretId: "\"\\ud800\""), "SecretId: expected valid text, found an invalid character" },
        { Event(token: null), "ClientRequestToken: expected 32 to 64 letters, digits and hyphens, found nothing" },
        { Event(token: $"\"{new string('a', 31)}\""), "ClientRequestToken: expected 32 to 64 letters, digits and hyphens, found a string of 31 characters" },
        { Event(token: $"\"{new string('a', 65)}\""), "ClientRequestToken: expected 32 to 64 letters, digits and hyphens, found a string of 65 characters" },
        { Event(token: $"\"{new string('a', 35)}_\""), "ClientRequestToken: expected 32 to 64 letters, digits and hyphens, found a string of 36 characters" },
        { Event(token: $"\"{Token}\\n\""), "ClientRequestToken: expected 32 to 64 letters, digits and hyphens, found a string of 37 characters" },
        { Event(rotationToken: "7"), "RotationToken: expected 36 to 256 letters, digits and hyphens, found a number" },
        { Event(rotationToken: $"[\"{Canary}\"]"), "RotationToken: expected 36 to 256 letters, digits and hyphens, found an array" },
        { Event(rotationToken: $"\"{new string('a', 35)}\""), "RotationToken: expected 36 to 256 letters, digits and hyphens, found a string of 35 characters" },
        { Event(rotationToken: $"\"{new string('a', 257)}\""), "RotationToken: expected 36 to 256 letters, digits and hyphens, found a string of 257 characters" },
        { Event(rotationToken: $"\"{Canary}!\""), "RotationToken: expected 36 to 256 letters, digits and hyphens, found a string of 43 characters" },
        { Event(more: "\"Step\":\"createSecret\""), "Step: expected one member of this name, found several" },
        { Event(more: "\"St\\u0065p\":null"), "Step: expected one member of this name, found several" },
        { Event(more: $"\"RotationToken\":\"{Canary}\",\"RotationToken\":\"{Canary}\""), "RotationToken: expected one member of this name, found several" },
        { Event(more: "\"\\ud800\":1"), "event: expected names of valid text, found an invalid character in one" },
        { """{"detail":[]}""", "detail: expected an object, found an array" },
        { """{"detail":{}}""", $"detail.secret: expected {Ids}, found nothing" },
        { """{"detail":{"database":"orders"}}""", $"detail.secret: expected {Ids}, found nothing" },
        { """{"detail":{"secret":"a","secret":"b"}}""", "detail.secret: expected one member of this name, found several" },
        { """{"detail":{"secret":"a","mode":"off"}}""", "detail.mode: expected observe or act, found a string of 3 characters" },
        { """{"detail":{"secret":"a","mode":"ACT"}}""", "detail.mode: expected observe or act, found a string of 3 characters" },
        { """{"detail":{"secret":"a","mode":true}}""", "detail.mode: expected observe or act, found true or false" },
    };

    [Theory]
    [MemberData(nameof(WrongEvents), DisableDiscoveryEnumeration = true)]
    public void Read_WrongField_NamesItAndQuotesNothing(string json, string message) => Assert.Equal(message, Complaint(json));

    private static readonly string[] Names =
        ["Step", "SecretId", "ClientRequestToken", "RotationToken", "detail", "secret", "mode", "St\\u0065p", "\\ud800", "step", Canary];

    private static readonly string[] Leaves =
    [
        "null", "true", "7", "\"\"", "\"createSecret\"", "\"finishSecret\"", "\"act\"", $"\"{Arn}\"", $"\"{Token}\"", $"\"{Canary}\"", $"\"{Canary}!\"",
        $"\"{Canary}\\n\"", "\"\\ud800\"", "[]", "{}",
    ];

    private static Gen<string> Json(int depth) => depth == 0 ? Gen.Elements(Leaves) : Gen.OneOf(
        Gen.Elements(Leaves),
        Json(depth - 1).ListOf(2).Select(items => $"[{string.Join(',', items)}]"),
        Gen.Elements(Names).Zip(Json(depth - 1), (name, value) => $"\"{name}\":{value}").ListOf().Select(members => $"{{{string.Join(',', members.Take(6))}}}"));

    // Mostly right, so that every field's complaint is reached, and every field may hold the canary.
    private static readonly Gen<string> Bent =
        from step in Mostly("\"setSecret\"") from secretId in Mostly($"\"{Arn}\"") from token in Mostly($"\"{Token}\"")
        from rotationToken in Mostly($"\"{Canary}\"") from more in Gen.OneOf(Gen.Constant<string?>(null), Json(2).Select(value => (string?)$"\"detail\":{value}"))
        select Event(step, secretId, token, rotationToken, more);

    private static Gen<string?> Mostly(string right) =>
        Gen.OneOf(Gen.Constant<string?>(right), Gen.Constant<string?>(right), Gen.Constant<string?>(null), Json(1).Select(value => (string?)value));

    [Fact]
    public void Read_AnyJson_IsReadOrNamedAsWrongWithoutTheToken() =>
        Prop.ForAll(Gen.OneOf(Bent, Json(3)).ToArbitrary(), json =>
        {
            try
            {
                return Read(json) switch
                {
                    // An ARN or name may be anything printable, and is no secret: what is hidden is the field for secrets.
                    RotationRequest.Step { RotationToken: { } token } step =>
                        !(step with { SecretId = "", Token = "" }).ToString().Contains(token.Value, StringComparison.Ordinal),
                    _ => true,
                };
            }
            catch (InvalidInputException e)
            {
                return e.Message.StartsWith($"{e.Field}: expected ", StringComparison.Ordinal) && !e.ToString().Contains(Canary, StringComparison.Ordinal);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
}
