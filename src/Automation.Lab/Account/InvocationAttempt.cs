namespace Automation.Lab.Account;

/// <summary>One invocation that the bus made.</summary>
/// <param name="Delivery">Which event, for which function.</param>
/// <param name="Attempt">1 for the first; Lambda's retries count on.</param>
/// <param name="At">When it ended.</param>
/// <param name="Answer">How.</param>
internal sealed record InvocationAttempt(FunctionDelivery Delivery, int Attempt, DateTimeOffset At, FunctionAnswer Answer);
