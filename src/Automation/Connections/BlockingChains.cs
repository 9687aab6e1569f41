namespace Automation.Connections;

/// <summary>Who waits for whom, as a pure computation over <see cref="Session.BlockedBy"/>.</summary>
internal static class BlockingChains
{
    /// <summary>
    /// For each pid that others wait for and that waits for nobody itself: how many sessions wait for it, directly or
    /// through others, as far as was measured. Those in the middle of a chain are left out: behind one hot row every waiter
    /// is blocked by all before it, and only the one at its head could be ended with any effect.
    /// </summary>
    public static IReadOnlyDictionary<int, int> WaitersByBlocker(IReadOnlyList<Session> sessions)
    {
        var waiting = sessions.Where(session => session.BlockedBy.Count > 0).Select(session => session.Pid).ToHashSet();
        var waitersOf = sessions
            .SelectMany(session => session.BlockedBy.Select(blocker => (blocker, waiter: session.Pid)))
            .ToLookup(edge => edge.blocker, edge => edge.waiter);

        return waitersOf.Where(blocker => !waiting.Contains(blocker.Key))
            .ToDictionary(blocker => blocker.Key, blocker => CountReached(blocker.Key, waitersOf));
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
