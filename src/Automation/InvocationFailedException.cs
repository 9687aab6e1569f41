namespace Automation;

/// <summary>Ends an invocation in error after its result was written, so that Lambda's retry and the dead-letter queue see it.</summary>
internal sealed class InvocationFailedException(string message) : Exception(message);
