namespace Automation.Tests.Snapshots.Year;

/// <summary>What becomes of one call to AWS.</summary>
internal enum Mishap
{
    None,
    Throttled,

    /// <summary>A 5xx or no answer, and nothing was done.</summary>
    LostBefore,

    /// <summary>A 5xx or no answer, and it was done.</summary>
    LostAfter,

    /// <summary>The process ends in this call; every later call of the run ends so too.</summary>
    Gone,

    /// <summary>The process ends in this call, and AWS did what it was asked.</summary>
    GoneAfter,
}

/// <summary>
/// Trouble with AWS and with the process, decided for each database by the number of its calls in a run: workers beside each
/// other do not change it.
/// </summary>
internal sealed class Mishaps(Chance chance)
{
    private const int MostCalls = 24;
    private readonly Lock changing = new();
    private readonly Dictionary<string, int> calls = [];
    private readonly HashSet<string> met = [];
    private string run = "", question = "";
    private double rate;
    private bool mortal, ledgerMet;

    /// <summary>Databases (or <c>fleet</c>) whose calls went wrong in this run.</summary>
    public IReadOnlySet<string> Met => met;

    /// <summary>A call to the ledger went wrong.</summary>
    public bool LedgerMet => ledgerMet;

    public bool Died { get; private set; }

    public string Run => run;

    /// <param name="name">Request id of the run.</param>
    /// <param name="attempt">Of Lambda, from 0.</param>
    /// <param name="mishapsOfCalls">How many of the calls go wrong, 0 to 1.</param>
    /// <param name="dies">Whether the process ends within the run, if it makes calls enough.</param>
    public void Begin(string name, int attempt, double mishapsOfCalls, bool dies)
    {
        (run, question, rate, mortal, ledgerMet, Died) = (name, $"{name}/{attempt}", mishapsOfCalls, dies, false, false);
        calls.Clear();
        met.Clear();
    }

    public Mishap Of(string subject, string call, bool ledger = false)
    {
        if (rate == 0 && !mortal) return Mishap.None;
        lock (changing)
        {
            var nth = calls[subject] = calls.GetValueOrDefault(subject) + 1;
            var mishap = Decide($"{question}/{subject}", call, nth);
            if (mishap == Mishap.None) return mishap;
            met.Add(subject);
            ledgerMet |= ledger;
            Died |= mishap is Mishap.Gone or Mishap.GoneAfter;
            return mishap;
        }
    }

    private Mishap Decide(string asked, string call, int nth)
    {
        if (mortal)
        {
            var last = (int)(chance.Of(asked + "/dies") * MostCalls);
            if (nth > last) return nth == last + 1 && chance.Hits(0.5, asked + "/in") ? Mishap.GoneAfter : Mishap.Gone;
        }
        if (!chance.Hits(rate, asked + "/" + call, nth)) return Mishap.None;
        return chance.Of(asked + "/how/" + call, nth) switch { < 0.4 => Mishap.Throttled, < 0.7 => Mishap.LostBefore, _ => Mishap.LostAfter };
    }
}
