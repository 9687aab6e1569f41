namespace Automation.Lab.Account;

/// <summary>Decides for every call whether it fails, and how. Equal seeds and calls give equal faults.</summary>
internal sealed class FaultInjector(Random random)
{
    private readonly Lock gate = new();
    private readonly List<Armed> armed = [];

    public void Inject(Fault fault)
    {
        lock (gate) armed.Add(new Armed(fault));
    }

    /// <summary>Takes a fault back, used up or not.</summary>
    public void Withdraw(Fault fault)
    {
        lock (gate) armed.RemoveAll(candidate => ReferenceEquals(candidate.Fault, fault));
    }

    public void Clear()
    {
        lock (gate) armed.Clear();
    }

    /// <summary>The fault for this call; every call counts for each fault it fits, and the first that is due wins.</summary>
    public FaultKind? Next(AwsCall call)
    {
        lock (gate)
        {
            FaultKind? due = null;
            foreach (var candidate in armed.Where(a => a.Fits(call)))
            {
                var position = candidate.Seen++;
                if (due is not null || position < candidate.Fault.After || candidate.Done == candidate.Fault.Times) continue;
                if (random.NextDouble() >= candidate.Fault.Probability) continue;
                candidate.Done++;
                due = candidate.Fault.Kind;
            }
            return due;
        }
    }

    private sealed class Armed(Fault fault)
    {
        public Fault Fault => fault;

        public int Seen { get; set; }

        public int Done { get; set; }

        public bool Fits(AwsCall call) => (fault.Service ?? call.Service) == call.Service && (fault.Action ?? call.Action) == call.Action
            && fault.Callers?.Contains(call.AccessKeyId) is not false;
    }
}
