namespace Amazon.Lambda.Core;

/// <summary>A logger for code that has no <see cref="ILambdaContext"/>; writes to the console outside of Lambda.</summary>
public static class LambdaLogger
{
    /// <summary>Set by RuntimeSupport at start.</summary>
    internal static Action<string> Write { get; set; } = Console.WriteLine;

    public static void Log(string message) => Write(message);
}
