namespace Automation.Lab.Setup;

/// <summary>What a lab is made of, and the folder it works in.</summary>
/// <param name="directory">Removed last, when nothing works in it any more.</param>
internal sealed class LabParts(LabDirectory directory) : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> parts = new();

    /// <summary>Has it ended with the lab, before whatever was there earlier.</summary>
    public T Own<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Push(part);
        return part;
    }

    /// <summary>Ends all of them, and removes the folder. One that does not end keeps no other from it.</summary>
    /// <exception cref="LabEndingException">What went wrong meanwhile.</exception>
    public async ValueTask DisposeAsync()
    {
        var failures = new List<Exception>();
        while (parts.TryPop(out var part))
        {
            try
            {
                await part.DisposeAsync();
            }
            catch (Exception e)
            {
                failures.Add(new InvalidOperationException($"{part.GetType().Name}: {e.Message}", e));
            }
        }
        directory.Dispose();
        if (failures.Count > 0) throw new LabEndingException(failures);
    }
}
