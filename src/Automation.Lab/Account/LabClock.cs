namespace Automation.Lab.Account;

/// <summary>
/// The lab's time. Nobody waits five minutes for an alarm of five periods: waits that AWS states in minutes are shortened
/// by <see cref="Compression"/>. Timestamps are never touched, because functions compare them with their own clock.
/// </summary>
/// <param name="Time">The clock.</param>
/// <param name="Compression">Seconds of AWS that pass in one second of the lab; 60 makes an alarm period of 60 s last 1 s.</param>
internal sealed record LabClock(TimeProvider Time, double Compression)
{
    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>How long a wait of AWS lasts in the lab.</summary>
    public TimeSpan Shorten(TimeSpan ofAws) => ofAws / Compression;

    /// <summary>How long a wait in the lab would have lasted in AWS.</summary>
    public TimeSpan Lengthen(TimeSpan ofLab) => ofLab * Compression;

    /// <param name="ofAws">The wait as AWS states it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task WaitAsync(TimeSpan ofAws, CancellationToken cancellation) => Task.Delay(Shorten(ofAws), Time, cancellation);
}
