using System.Text.Json;
using System.Text.RegularExpressions;
using Automation.Outcomes;
using Automation.Secrets;

namespace Automation.Events;

/// <summary>
/// Reads a rotation step of Secrets Manager, or what a person asks for under <c>detail</c>. No complaint quotes a value: one
/// of them is a credential (RotationToken), and whoever mixes up the fields could have put it in any.
/// </summary>
internal static partial class RotationRequestReader
{
    /// <exception cref="InvalidInputException">The input is something else; the message names the field at fault.</exception>
    public static RotationRequest Read(JsonElement input)
    {
        var root = InputField.Root(input).RequireObject();
        var step = root.SingleMember("Step");
        var secretId = root.SingleMember("SecretId");
        var token = root.SingleMember("ClientRequestToken");
        var rotationToken = root.SingleMember("RotationToken");
        var detail = root.SingleMember("detail");
        var isStep = step.IsPresent || secretId.IsPresent || token.IsPresent || rotationToken.IsPresent;
        return (isStep, detail.IsPresent) switch
        {
            (true, false) => new RotationRequest.Step(ReadStep(step), ReadSecretId(secretId), ReadToken(token), ReadRotationToken(rotationToken)),
            (false, true) => ReadByHand(detail),
            (true, true) => throw new InvalidInputException(root.Path, "a rotation step or detail.secret", "both"),
            (false, false) => throw new InvalidInputException(root.Path, "a rotation step or detail.secret", "neither"),
        };
    }

    /// <summary>As Secrets Manager spells the step.</summary>
    public static string NameOf(RotationStep step) => step switch
    {
        RotationStep.Create => "createSecret",
        RotationStep.Set => "setSecret",
        RotationStep.Test => "testSecret",
        RotationStep.Finish => "finishSecret",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
    };

    private static RotationRequest.ByHand ReadByHand(InputField detail) =>
        new(ReadSecretId(detail.SingleMember("secret")), ReadMode(detail.SingleMember("mode")));

    // The user guide also spells them create_secret and so on; what the service sends is this.
    private static RotationStep ReadStep(InputField field) => field.Text(Steps(), "createSecret, setSecret, testSecret or finishSecret") switch
    {
        "createSecret" => RotationStep.Create,
        "setSecret" => RotationStep.Set,
        "testSecret" => RotationStep.Test,
        _ => RotationStep.Finish,
    };

    private static Mode ReadMode(InputField field) =>
        field.IsPresent && field.Text(Modes(), "observe or act") == "act" ? Mode.Act : Mode.Observe;

    private static string ReadSecretId(InputField field) =>
        field.Text(SecretId(), "the ARN or name of a secret: 1 to 2048 printable ASCII characters without a space");

    private static string ReadToken(InputField field) => field.Text(Token(), "32 to 64 letters, digits and hyphens");

    private static Concealed? ReadRotationToken(InputField field) =>
        field.IsPresent ? new Concealed(field.Text(RotationToken(), "36 to 256 letters, digits and hyphens")) : null;

    // Lengths: SecretIdType, ClientRequestTokenType and RotationTokenType of Secrets Manager's service model.
    [GeneratedRegex(@"\A[!-~]{1,2048}\z")]
    private static partial Regex SecretId();

    [GeneratedRegex(@"\A[A-Za-z0-9-]{32,64}\z")]
    private static partial Regex Token();

    [GeneratedRegex(@"\A[A-Za-z0-9-]{36,256}\z")]
    private static partial Regex RotationToken();

    [GeneratedRegex(@"\A(?:create|set|test|finish)Secret\z")]
    private static partial Regex Steps();

    [GeneratedRegex(@"\A(?:observe|act)\z")]
    private static partial Regex Modes();
}
