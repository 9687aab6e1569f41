namespace Automation.Ledger;

/// <summary>The clients an action concerned: what they log in as, and what they call themselves.</summary>
internal sealed record ActionGroup(string Role, string Application);
