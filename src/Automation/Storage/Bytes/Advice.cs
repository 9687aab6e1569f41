namespace Automation.Storage.Bytes;

/// <summary>What a person may do about a cause. The automation does none of it.</summary>
/// <param name="Sentence">What was found, whose it is, and what to look at first.</param>
/// <param name="Statements">To be run as the master user, as they are; empty where there is none, or a name cannot be shown exactly.</param>
/// <param name="Parameters">Of the DB parameter group, where ALTER SYSTEM does not exist: name and what it is for.</param>
internal sealed record Advice(string Sentence, IReadOnlyList<string> Statements, IReadOnlyList<string> Parameters);
