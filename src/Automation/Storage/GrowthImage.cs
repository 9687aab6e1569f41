using System.Text.Json;
using System.Text.Json.Serialization;

namespace Automation.Storage;

/// <summary>What the ledger keeps of a volume before it is grown.</summary>
/// <param name="AllocatedGiB">As it was.</param>
/// <param name="TargetGiB">As it was asked for.</param>
/// <param name="Type">Of storage.</param>
/// <param name="Stopgap">Taken although growing is not the cure.</param>
/// <param name="Why">The cause.</param>
internal sealed record GrowthImage(int AllocatedGiB, int TargetGiB, string Type, bool Stopgap, string Why)
{
    public string Write() => JsonSerializer.Serialize(this, GrowthImageJson.Default.GrowthImage);

    /// <returns><c>null</c> when it cannot be read.</returns>
    public static GrowthImage? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, GrowthImageJson.Default.GrowthImage);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>JSON made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GrowthImage))]
internal sealed partial class GrowthImageJson : JsonSerializerContext;
