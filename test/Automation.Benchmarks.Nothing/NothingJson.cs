using System.Text.Json;
using System.Text.Json.Serialization;

namespace Automation.Benchmarks.Nothing;

[JsonSerializable(typeof(JsonElement))]
internal sealed partial class NothingJson : JsonSerializerContext;
