using System.Diagnostics.CodeAnalysis;

namespace Automation.Database;

/// <summary>What came of asking the database for something: the answer, or why there is none.</summary>
/// <typeparam name="T">The answer.</typeparam>
public sealed class Attempt<T>
{
    private readonly T? value;
    private readonly DatabaseFailure? failure;

    /// <summary>It answered.</summary>
    public Attempt(T value) => this.value = value;

    /// <summary>It did not.</summary>
    public Attempt(DatabaseFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        this.failure = failure;
    }

    /// <summary>Whether there is an answer; exactly one of the two is set.</summary>
    public bool Succeeded([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out DatabaseFailure? failure)
    {
        (value, failure) = (this.value, this.failure);
        return failure is null;
    }
}
