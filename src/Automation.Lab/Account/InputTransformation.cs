using System.Text.Json;
using Automation.Lab.Template;

namespace Automation.Lab.Account;

/// <summary>What a target gets from an input transformer: the template as it stands, variables replaced.</summary>
/// <remarks>
/// "Amazon EventBridge input transformation" and what AWS delivers (the recorded answers of LocalStack's
/// <c>test_events_inputs</c>, aws/aws-cdk#5924): quotation marks and backslashes of the template stay in the message, a path
/// that finds nothing leaves nothing, values are not escaped, and an object or a list loses its own quotation marks.
/// </remarks>
internal static class InputTransformation
{
    public static string Render(TemplateInputTransformer transformer, JsonElement @event) => InputTransformerReader.Variable().Replace(
        transformer.Template, variable => Text(Find(@event, transformer.Paths[variable.Groups["name"].Value])));

    private static JsonElement? Find(JsonElement @event, IReadOnlyList<string> fields)
    {
        var value = @event;
        foreach (var field in fields)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(field, out value)) return null;
        }
        return value;
    }

    private static string Text(JsonElement? value) => value switch
    {
        null => "",
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Object or JsonValueKind.Array } tree => tree.GetRawText().Replace("\"", "", StringComparison.Ordinal),
        { } scalar => scalar.GetRawText(),
    };
}
