using Automation.Lab.Setup;

namespace Automation.LabTests.Setup;

public sealed class InterruptionTests
{
    [Fact]
    public async Task Token_TerminalClosed_CancelledAndProcessLives()
    {
        const int Hangup = 1;
        using var interruption = new Interruption();
        var cancelled = new TaskCompletionSource();
        await using var registration = interruption.Token.Register(cancelled.SetResult);

        Signals.Send(Environment.ProcessId, Hangup);

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}
