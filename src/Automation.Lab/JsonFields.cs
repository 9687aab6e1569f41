using System.Text.Json;

namespace Automation.Lab;

/// <summary>Reading JSON that may have any shape.</summary>
internal static class JsonFields
{
    /// <summary>A member's text; empty when there is none, it is no text, or <paramref name="element"/> is no object.</summary>
    public static string Text(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
