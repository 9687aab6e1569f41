namespace Automation.Fleet;

/// <summary>A tag value that cannot be followed: the database is refused with reason <c>malformed-tag</c>.</summary>
/// <param name="Word">The word at fault, on one line.</param>
/// <param name="Why">What is wrong with it: reads on after the word.</param>
internal sealed record MalformedTag(string Word, string Why);
