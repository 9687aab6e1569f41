using System.Text.Json;
using System.Text.RegularExpressions;

namespace Automation.Lab.Template;

/// <summary>Reads an input transformer, and refuses what EventBridge would refuse or the lab would render otherwise.</summary>
/// <remarks>"Amazon EventBridge input transformation": a template of text is JSON text, one a line; quotation marks are required.</remarks>
internal static partial class InputTransformerReader
{
    public static TemplateInputTransformer Read(TemplateNode transformer)
    {
        var paths = transformer["InputPathsMap"].Members().ToDictionary(p => p.Key, p => (IReadOnlyList<string>)Fields(p.Value));
        var node = transformer["InputTemplate"];
        var template = node.Text();
        foreach (var line in template.Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            if (!IsJsonText(line)) throw new TemplateException(node.Path, $"expected text in quotation marks, found {line}");
        }
        var unknown = Variable().Matches(template).Select(v => v.Groups["name"].Value).FirstOrDefault(name => !paths.ContainsKey(name));
        return unknown is null
            ? new TemplateInputTransformer(paths, template)
            : throw new TemplateException(node.Path, $"<{unknown}> is not in InputPathsMap");
    }

    /// <summary>A variable in a template; its name is the group <c>name</c>.</summary>
    [GeneratedRegex("<(?<name>[A-Za-z0-9_.-]+)>", RegexOptions.CultureInvariant)]
    public static partial Regex Variable();

    private static string[] Fields(TemplateNode path) => SimplePath().IsMatch(path.Text())
        ? path.Text().Split('.')[1..]
        : throw new TemplateException(path.Path, $"the lab follows paths like $.detail.name, not '{path.Text()}'");

    private static bool IsJsonText(string line)
    {
        try
        {
            return JsonElement.Parse(line).ValueKind == JsonValueKind.String;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A\$(\.[A-Za-z0-9_-]+)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex SimplePath();
}
