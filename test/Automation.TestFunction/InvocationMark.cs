namespace Automation.TestFunction;

/// <summary>Lives for one invocation.</summary>
public sealed class InvocationMark(Counter counter)
{
    public int Number { get; } = counter.Next();
}
