namespace Automation.Lab.Account;

/// <summary>What happened, in order; a reader can wait for what has not happened yet.</summary>
internal sealed class Journal<T>
{
    private readonly Lock gate = new();
    private readonly List<T> entries = [];
    private TaskCompletionSource changed = NewSignal();

    /// <summary>Everything so far, oldest first.</summary>
    public IReadOnlyList<T> Entries
    {
        get
        {
            lock (gate) return [.. entries];
        }
    }

    public void Add(T entry)
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            entries.Add(entry);
            (waiting, changed) = (changed, NewSignal());
        }
        waiting.SetResult();
    }

    /// <summary>The first entry that is <paramref name="wanted"/>, now or later.</summary>
    /// <exception cref="OperationCanceledException">The caller's deadline passed first.</exception>
    public async Task<T> FirstAsync(Func<T, bool> wanted, CancellationToken cancellation)
    {
        for (var seen = 0; ;)
        {
            T[] fresh;
            Task next;
            lock (gate) (fresh, next) = ([.. entries.Skip(seen)], changed.Task);
            foreach (var entry in fresh)
            {
                if (wanted(entry)) return entry;
            }
            seen += fresh.Length;
            await next.WaitAsync(cancellation);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
