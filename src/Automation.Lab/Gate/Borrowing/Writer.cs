using System.Net;

namespace Automation.Lab.Gate.Borrowing;

/// <summary>The server that a gate's sessions go to, until it is another.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Replaced">Cancelled when it is another.</param>
internal sealed record Writer(IPEndPoint Address, CancellationToken Replaced);
