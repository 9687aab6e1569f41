namespace Automation.Lab.Incidents;

/// <summary>One thing that must be true at the end of an incident, and what was seen.</summary>
internal sealed record Check(string Claim, bool Holds, string Seen);
