using Automation.Lab.Account;

namespace Automation.LabTests.Fixtures;

/// <summary>The process ends when a call was made, before it hears the answer; nothing it sends afterwards is heard.</summary>
internal sealed class Death
{
    private readonly Lock sync = new();
    private CancellationTokenSource? life;
    private string fatal = "";
    private int left;

    public bool Happened { get; private set; }

    public void Arm((string Action, int Nth) position, CancellationTokenSource of)
    {
        lock (sync) (fatal, left, life, Happened) = (position.Action, position.Nth, of, false);
    }

    public void Disarm()
    {
        lock (sync) life = null;
    }

    public async ValueTask<AwsAnswer> AfterAsync(AwsCall call, AwsAnswer answer, CancellationToken cancellation)
    {
        CancellationTokenSource dying;
        lock (sync)
        {
            if (life is null || (!Happened && (call.Action != fatal || left-- > 0))) return answer;
            Happened = true;
            dying = life;
        }
        await dying.CancelAsync();
        return ErrorAnswer.Internal(call, "nobody hears this");
    }
}
