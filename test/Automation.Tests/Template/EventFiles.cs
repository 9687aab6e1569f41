using System.Text.Json;
using Automation.Lab.Account;
using Automation.Lab.Setup;

namespace Automation.Tests.Template;

/// <summary>The files of <c>events/</c>, and where the template's own rules would send them.</summary>
internal static class EventFiles
{
    /// <summary>Every file, without <c>.json</c>.</summary>
    public static IEnumerable<string> Names { get; } =
        [.. Directory.EnumerateFiles(Repository.PathOf("events")).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public static JsonElement Read(string name)
    {
        using var document = JsonDocument.Parse(Repository.Read($"events/{name}.json"));
        return document.RootElement.Clone();
    }

    /// <summary>Logical ids of the functions that get the event from EventBridge.</summary>
    public static IEnumerable<string> FunctionsReachedBy(JsonElement document) => TemplateTree.Deployed().Functions
        .Where(f => f.Rules.Any(r => r.Pattern is { } pattern && EventPattern.Parse(pattern).Matches(document)))
        .Select(f => f.LogicalId);

    /// <summary>Logical ids of the rules that send the event to people.</summary>
    public static IEnumerable<string> NoticesReachedBy(JsonElement document) => TemplateTree.OfType("AWS::Events::Rule")
        .Where(r => EventPattern.Parse(JsonSerializer.SerializeToElement(TemplateTree.Resolved(r.Value["EventPattern"]!))).Matches(document))
        .Select(r => r.Key);
}
