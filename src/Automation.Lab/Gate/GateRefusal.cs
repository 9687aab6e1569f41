namespace Automation.Lab.Gate;

/// <summary>A login that ends here: what the client is told, and why for the lab's own log.</summary>
/// <param name="Reason">Code in kebab-case.</param>
/// <param name="SqlState">What the client gets as the error's code.</param>
/// <param name="Message">What the client gets as the error's text, in RDS's words.</param>
/// <param name="Detail">The reason as a sentence; never sent to the client.</param>
internal sealed record GateRefusal(string Reason, string SqlState, string Message, string Detail)
{
    /// <summary>As the client gets it.</summary>
    public Protocol.Message Error => Protocol.Message.Fatal(SqlState, Message);
}
