namespace Automation.Connections;

/// <summary>Who waits for whom, as a pure computation over <see cref="Session.BlockedBy"/>.</summary>
internal static class BlockingChains
{
    /// <summary>
    /// For each pid that holds a lock somebody waits for: how many sessions wait for it, directly or through others.
    /// Cycles (a deadlock about to be found) count each session once.
    /// </summary>
    public static IReadOnlyDictionary<int, int> WaitersByBlocker(IReadOnlyList<Session> sessions)
    {
        var waitersOf = sessions
            .SelectMany(session => session.BlockedBy.Select(blocker => (blocker, waiter: session.Pid)))
            .ToLookup(edge => edge.blocker, edge => edge.waiter);

        return waitersOf.ToDictionary(blocker => blocker.Key, blocker => CountReached(blocker.Key, waitersOf));
    }

    private static int CountReached(int start, ILookup<int, int> waitersOf)
    {
        var reached = new HashSet<int> { start };
        var open = new Stack<int>([start]);
        while (open.TryPop(out var pid))
            foreach (var waiter in waitersOf[pid])
                if (reached.Add(waiter)) open.Push(waiter);
        return reached.Count - 1;
    }
}
