namespace Automation.Lab.Secrets;

/// <summary>
/// One after the other: a change of labels is several calls to moto, and on AWS it is one step that nobody sees half done.
/// </summary>
internal sealed class Turn : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);

    public async Task<T> TakeAsync<T>(Func<Task<T>> act)
    {
        await turn.WaitAsync();
        try
        {
            return await act();
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}
