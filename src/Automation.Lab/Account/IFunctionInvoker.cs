namespace Automation.Lab.Account;

/// <summary>Runs a function once; the account decides when and how often.</summary>
internal interface IFunctionInvoker
{
    /// <param name="functionLogicalId">The function's key in the template.</param>
    /// <param name="payload">The event as UTF-8 JSON.</param>
    /// <param name="cancellation">The lab is ending.</param>
    Task<FunctionAnswer> InvokeAsync(string functionLogicalId, ReadOnlyMemory<byte> payload, CancellationToken cancellation);

    /// <summary>The same with a request id that Lambda has given before: a retry keeps it.</summary>
    Task<FunctionAnswer> InvokeAsync(string functionLogicalId, ReadOnlyMemory<byte> payload, string requestId, CancellationToken cancellation) =>
        InvokeAsync(functionLogicalId, payload, cancellation);
}

/// <summary>How one invocation ended.</summary>
internal sealed record FunctionAnswer
{
    public required bool Succeeded { get; init; }

    /// <summary>As in Lambda's error answer; <c>null</c> on success.</summary>
    public string? ErrorType { get; init; }
    public string? ErrorMessage { get; init; }

    /// <summary>What the function returned, or Lambda's error document.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }
}
