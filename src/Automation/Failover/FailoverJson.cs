using System.Text.Json.Serialization;

namespace Automation.Failover;

/// <summary>JSON made at compile time.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FailoverDetails))]
[JsonSerializable(typeof(ChecksDetails))]
internal sealed partial class FailoverJson : JsonSerializerContext;
