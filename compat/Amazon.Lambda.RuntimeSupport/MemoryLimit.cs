using System.Globalization;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// .NET does not see Lambda's memory limit (dotnet/runtime#70601): tell the garbage collector, or it grows until the
/// process is killed.
/// </summary>
internal static class MemoryLimit
{
    public static void Apply()
    {
        var disabled = Environment.GetEnvironmentVariable("AWS_LAMBDA_DOTNET_DISABLE_MEMORY_LIMIT_CHECK");
        if (string.Equals(disabled, "true", StringComparison.OrdinalIgnoreCase)) return;

        var megabytes = Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE");
        if (!ulong.TryParse(megabytes, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)) return;

        limit *= 1024 * 1024;
        // A lower limit that someone set on purpose stays.
        if ((ulong)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes < limit) return;
        AppContext.SetData("GCHeapHardLimit", limit);
        GC.RefreshMemoryLimit();
    }
}
