using Automation.Outcomes;

namespace Automation.Storage;

/// <summary>Something about storage that a person has to know in time.</summary>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Sentence">For people, without a full stop.</param>
/// <param name="Severity">How loudly it is said.</param>
internal sealed record Warning(string Reason, string Sentence, Severity Severity);
