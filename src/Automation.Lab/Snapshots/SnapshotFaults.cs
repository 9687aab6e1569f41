namespace Automation.Lab.Snapshots;

/// <summary>Decides for every snapshot, when it begins, whether it goes wrong.</summary>
internal sealed class SnapshotFaults
{
    private readonly Lock gate = new();
    private readonly List<Armed> armed = [];
    private TaskCompletionSource release = NewSignal();

    public void Inject(SnapshotFault fault)
    {
        lock (gate) armed.Add(new Armed(fault));
    }

    /// <summary>Those that begin from now on go well.</summary>
    public void Clear()
    {
        lock (gate) armed.Clear();
    }

    /// <summary>Lets those that stall go on; faults not used up stay.</summary>
    public void Release()
    {
        TaskCompletionSource waiting;
        lock (gate) (waiting, release) = (release, NewSignal());
        waiting.SetResult();
    }

    /// <summary>Returns when a snapshot may go on.</summary>
    /// <exception cref="InvalidOperationException">It is to fail.</exception>
    public Task PassAsync(LabSnapshot snapshot, CancellationToken cancellation)
    {
        lock (gate)
        {
            var due = armed.FirstOrDefault(a => a.Fits(snapshot));
            if (due is null) return Task.CompletedTask;
            due.Done++;
            return due.Fault.Kind switch
            {
                SnapshotFaultKind.Stall => release.Task.WaitAsync(cancellation),
                SnapshotFaultKind.Fail => throw new InvalidOperationException("injected: this snapshot fails"),
                _ => throw new ArgumentOutOfRangeException(nameof(snapshot), due.Fault.Kind, null),
            };
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Armed(SnapshotFault fault)
    {
        public SnapshotFault Fault => fault;

        public int Done { get; set; }

        public bool Fits(LabSnapshot snapshot) => Done < fault.Times
            && (fault.While ?? snapshot.Status) == snapshot.Status
            && (fault.DatabaseId is not { } id || string.Equals(id, snapshot.DatabaseId, StringComparison.OrdinalIgnoreCase));
    }
}
