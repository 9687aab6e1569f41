using Automation.Storage.Bytes;

namespace Automation.Storage;

/// <summary>What fills the volume, as far as it matters for growing it.</summary>
/// <param name="Name">The main cause in kebab-case: <c>data</c>, <c>abandoned-slot</c>, <c>unknown</c> …</param>
/// <param name="Cure">Whether more room is the cure; <c>null</c> when the cause is not known.</param>
/// <param name="Sentence">For people, without a full stop.</param>
/// <param name="Advice">What a person may do about it, statements included.</param>
internal sealed record Diagnosis(string Name, bool? Cure, string Sentence, IReadOnlyList<Advice> Advice)
{
    /// <summary>The main cause in a few words, for a subject and where <see cref="Sentence"/> stands beside it.</summary>
    public string Brief { get; init; } = Sentence;
}
