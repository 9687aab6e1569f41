using Automation.Lab.Account;

namespace Automation.Lab.Report;

/// <summary>Notes every entry of a journal as it comes, once and in order.</summary>
/// <param name="journal">Whose.</param>
/// <param name="note">Called for one entry at a time.</param>
internal sealed class Follower<T>(Journal<T> journal, Action<T> note)
{
    private int seen;

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            // Nothing is what is looked for: everything is looked at.
            await journal.FirstAsync(entry =>
            {
                Note(entry);
                return false;
            }, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            foreach (var entry in journal.Entries.Skip(seen)) Note(entry);
        }
    }

    private void Note(T entry)
    {
        note(entry);
        seen++;
    }
}
