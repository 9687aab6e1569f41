using System.Collections.Concurrent;
using Amazon.DynamoDBv2.Model;
using Automation.Lab.Soak.Invariants;

namespace Automation.Lab.Soak;

/// <summary>The person at the kill switch.</summary>
internal sealed class SoakSwitch(SoakLab lab) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200), AskAgain = TimeSpan.FromSeconds(3), Patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentBag<SwitchWindow> windows = [];

    // Who lifts it lifts it for everybody.
    private readonly SemaphoreSlim hand = new(1);

    /// <summary>When it was thrown.</summary>
    public IEnumerable<SwitchWindow> Windows => windows;

    public void Dispose() => hand.Dispose();

    /// <summary>Throws it, and lifts it when all have met it for whom that can be arranged: what nothing meets is obeyed by nobody.</summary>
    /// <param name="least">For how long at least.</param>
    /// <param name="begin">Called when it is thrown; what it begins is waited for.</param>
    /// <param name="ask">Has a function come, another time: an event may be lost and a process killed.</param>
    /// <param name="cancellation">Gives up; the switch is lifted.</param>
    public async Task HoldAsync(TimeSpan least, Func<Task> begin, Func<string, Task> ask, CancellationToken cancellation)
    {
        await hand.WaitAsync(cancellation);
        try
        {
            await SetAsync(true, cancellation);
            var thrown = TimeProvider.System.GetUtcNow();
            try
            {
                var begun = begin();
                await MeetAsync(thrown, least, ask, cancellation);
                await begun;
            }
            finally
            {
                windows.Add(new SwitchWindow(thrown, TimeProvider.System.GetUtcNow()));
                await SetAsync(false, CancellationToken.None);
            }
        }
        finally
        {
            hand.Release();
        }
    }

    private async Task MeetAsync(DateTimeOffset thrown, TimeSpan least, Func<string, Task> ask, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Look);
        var asked = thrown;
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            var now = TimeProvider.System.GetUtcNow();
            var missing = ObeyedSwitch.Missing(new SwitchWindow(thrown, now), lab.Functions.BegunSince(thrown));
            if (now - thrown >= (missing.Count == 0 ? least : Patience)) return;
            if (now - asked < AskAgain) continue;
            asked = now;
            foreach (var function in missing) await ask(function);
        }
    }

    private async Task SetAsync(bool stopped, CancellationToken cancellation) => await lab.Behind.DynamoDB.PutItemAsync(new PutItemRequest
    {
        TableName = lab.LedgerTable,
        Item = new() { ["pk"] = new("switch"), ["sk"] = new("all"), ["stopped"] = new() { BOOL = stopped }, ["why"] = new("the soak asked for it") },
    }, cancellation);
}
