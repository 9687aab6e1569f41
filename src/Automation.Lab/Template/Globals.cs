using System.Text.Json.Nodes;

namespace Automation.Lab.Template;

/// <summary>SAM's rules for <c>Globals</c>: mappings merge, lists are joined with the global part first, else the function wins.</summary>
internal static class Globals
{
    public static JsonNode? Merge(JsonNode? global, JsonNode? local) => (global, local) switch
    {
        (null, _) => local?.DeepClone(),
        (_, null) => global.DeepClone(),
        (JsonObject a, JsonObject b) when !IsCall(a) && !IsCall(b) => new JsonObject(
            a.Select(p => p.Key).Union(b.Select(p => p.Key)).Select(key => KeyValuePair.Create(key, Merge(a[key], b[key])))),
        (JsonArray a, JsonArray b) => new JsonArray([.. a.Concat(b).Select(item => item?.DeepClone())]),
        _ => local.DeepClone(),
    };

    private static bool IsCall(JsonObject map) => map.Count == 1 && Intrinsics.IsIntrinsic(map.First().Key);
}
