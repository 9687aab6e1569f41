namespace Amazon.Lambda.Core;

/// <summary>The X-Ray trace of the invocation that this code runs for.</summary>
public class LambdaTraceProvider
{
    private static readonly AsyncLocal<string> Current = new();

    public static string CurrentTraceId => Current.Value;

    internal static void SetCurrentTraceId(string traceId) => Current.Value = traceId;
}
