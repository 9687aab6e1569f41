namespace Automation.Secrets;

/// <summary>What came of a login.</summary>
/// <param name="State">What it proved.</param>
/// <param name="Session">Open when it logged in.</param>
/// <param name="Why">Set when it did not.</param>
internal sealed record LoginOutcome(LoginState State, IRoleSession? Session, Refusal? Why) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Session?.DisposeAsync() ?? ValueTask.CompletedTask;
}
