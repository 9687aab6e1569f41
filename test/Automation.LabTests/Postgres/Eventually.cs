namespace Automation.LabTests.Postgres;

/// <summary>Waits for what must become true, and fails when it has not by the deadline.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition())
        {
            if (!await timer.WaitForNextTickAsync(limit.Token)) return;
        }
    }
}
