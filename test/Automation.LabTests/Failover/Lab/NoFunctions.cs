using Automation.Lab.Account;

namespace Automation.LabTests.Failover.Lab;

/// <summary>Whom the bus would call, had the template any functions.</summary>
internal sealed class NoFunctions : IFunctionInvoker
{
    public Task<FunctionAnswer> InvokeAsync(string functionLogicalId, ReadOnlyMemory<byte> payload, CancellationToken cancellation) =>
        Task.FromResult(new FunctionAnswer { Succeeded = true });
}
