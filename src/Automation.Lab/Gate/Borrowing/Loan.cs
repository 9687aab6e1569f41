using Automation.Lab.Gate.Protocol;

namespace Automation.Lab.Gate.Borrowing;

/// <summary>How a writer answered a session's startup message.</summary>
internal abstract record Loan
{
    private Loan(RelayEnd? held) => Held = held;

    /// <summary>The open connection, the borrower's to close; <c>null</c> when there is none.</summary>
    public RelayEnd? Held { get; }

    /// <summary>It let the user in without asking and waits for requests.</summary>
    public sealed record Ready(RelayEnd Server, Writer Writer, Greeting Greeting) : Loan(Server);

    /// <summary>It asks for a password.</summary>
    public sealed record Challenge(RelayEnd Server, Message Request) : Loan(Server);

    /// <summary>It said no, and does not mean "later".</summary>
    public sealed record Refused(Message Error) : Loan(held: null);
}
