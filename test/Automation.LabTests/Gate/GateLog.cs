using Automation.Lab.Gate;

namespace Automation.LabTests.Gate;

/// <summary>What a gate told the lab, in order, and a way to wait for it.</summary>
internal sealed class GateLog
{
    private readonly Lock sync = new();
    private readonly List<GateEvent> events = [];
    private TaskCompletionSource changed = New();

    public IReadOnlyList<GateEvent> Events
    {
        get
        {
            lock (sync) return [.. events];
        }
    }

    public void Add(GateEvent happened)
    {
        lock (sync)
        {
            events.Add(happened);
            changed.SetResult();
            changed = New();
        }
    }

    /// <summary>Ends when so many such events have come; the deadline is the test's own.</summary>
    public async Task WaitAsync(Func<GateEvent, bool> wanted, int count = 1)
    {
        while (true)
        {
            Task next;
            lock (sync)
            {
                if (events.Count(wanted) >= count) return;
                next = changed.Task;
            }
            await next.WaitAsync(Deadline.Limit, TestContext.Current.CancellationToken);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
