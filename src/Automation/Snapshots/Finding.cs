using Automation.Outcomes;

namespace Automation.Snapshots;

/// <summary>Something that was not done, or is not as it should be.</summary>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Sentence">What a person should know.</param>
/// <param name="Severity"><c>null</c>: it passes by itself, and nobody needs a message.</param>
/// <param name="Failed">A second try may help: the invocation ends in error.</param>
/// <param name="About">What of the database it is about, such as a Region: people hear of each once a day.</param>
/// <param name="TakeLog">Log group of TakeSnapshots, where that function knows why; <c>null</c>: this one's own says it.</param>
internal sealed record Finding(string Reason, string Sentence, Severity? Severity, bool Failed = false, string About = "", string? TakeLog = null);
