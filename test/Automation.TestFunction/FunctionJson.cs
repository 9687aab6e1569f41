using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Lambda.CloudWatchEvents.ScheduledEvents;

namespace Automation.TestFunction;

[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(ScheduledEvent))]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(string))]
public sealed partial class FunctionJson : JsonSerializerContext;
