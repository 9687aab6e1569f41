using Automation.Lab.Account;

namespace Automation.Lab.Secrets;

/// <summary>Invokes a rotation function once. An exception counts as the function's own error, as in Lambda's runtime.</summary>
/// <param name="payload">The rotation event as JSON.</param>
/// <param name="cancellation">The rotation was cancelled, or the lab is ending.</param>
internal delegate Task<FunctionAnswer> InvokeRotation(string payload, CancellationToken cancellation);
