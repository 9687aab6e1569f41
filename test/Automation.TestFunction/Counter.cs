namespace Automation.TestFunction;

/// <summary>Lives as long as the process.</summary>
public sealed class Counter
{
    private int value;

    public int Next() => Interlocked.Increment(ref value);
}
