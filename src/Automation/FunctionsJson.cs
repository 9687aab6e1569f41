using System.Text.Json;
using System.Text.Json.Serialization;
using Automation.Outcomes;

namespace Automation;

/// <summary>What the functions take and return; names come from attributes, whatever the serializer's naming policy.</summary>
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(FunctionResult))]
public sealed partial class FunctionsJson : JsonSerializerContext;
