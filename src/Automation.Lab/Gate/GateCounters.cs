using System.Collections.Concurrent;

namespace Automation.Lab.Gate;

internal sealed class GateCounters
{
    private readonly ConcurrentDictionary<string, long> refused = new(StringComparer.Ordinal);
    private long accepted, authenticated, cancelsForwarded, cancelsIgnored, pinned;

    public void Count(GateEvent happened)
    {
        switch (happened.Kind)
        {
            case GateEventKind.Accepted:
                Interlocked.Increment(ref accepted);
                break;
            case GateEventKind.Authenticated:
                Interlocked.Increment(ref authenticated);
                break;
            case GateEventKind.Refused:
                refused.AddOrUpdate(happened.Reason ?? "unknown", 1, (_, count) => count + 1);
                break;
            case GateEventKind.CancelForwarded:
                Interlocked.Increment(ref cancelsForwarded);
                break;
            case GateEventKind.CancelIgnored:
                Interlocked.Increment(ref cancelsIgnored);
                break;
            case GateEventKind.Pinned:
                Interlocked.Increment(ref pinned);
                break;
            case GateEventKind.Closed:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(happened), happened.Kind, "An event kind without a counter.");
        }
    }

    public GateCounts Read(int open) => new()
    {
        Accepted = Interlocked.Read(ref accepted),
        Authenticated = Interlocked.Read(ref authenticated),
        CancelsForwarded = Interlocked.Read(ref cancelsForwarded),
        CancelsIgnored = Interlocked.Read(ref cancelsIgnored),
        Pinned = Interlocked.Read(ref pinned),
        Open = open,
        Refused = new Dictionary<string, long>(refused, StringComparer.Ordinal),
    };
}
