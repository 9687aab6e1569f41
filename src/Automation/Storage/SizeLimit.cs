namespace Automation.Storage;

/// <summary>The most a volume may have, and what says so.</summary>
/// <param name="GiB">Still allowed.</param>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Sentence">For people.</param>
internal sealed record SizeLimit(int GiB, string Reason, string Sentence);
