using System.Text.Json.Serialization;

namespace Automation.Outcomes;

/// <summary>JSON of results and announcements, made at compile time: the function is trimmed and may be native.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Announcement))]
[JsonSerializable(typeof(FunctionResult))]
[JsonSerializable(typeof(Outcome))]
internal sealed partial class OutcomesJson : JsonSerializerContext;
