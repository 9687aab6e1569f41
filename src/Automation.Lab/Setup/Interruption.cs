using System.Runtime.InteropServices;

namespace Automation.Lab.Setup;

/// <summary>
/// Ctrl-C, SIGTERM and a closed terminal as a cancellation, so that the lab stops what it started. Asked a second time it
/// ends at once, without waiting for anything.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private int asked;

    public Interruption()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            registrations.Add(PosixSignalRegistration.Create(signal, Handle));
    }

    /// <summary>Cancelled at the first of them.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Whether it was asked again, and the process is being ended meanwhile: what goes wrong now says nothing.</summary>
    public bool IsAskedAgain => Volatile.Read(ref asked) > 1;

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        // Exiting ends the processes that still run, and removes their folder (Leftovers).
        if (Interlocked.Increment(ref asked) > 1) Environment.Exit(LabExit.Interrupted);
        source.Cancel();
    }
}
