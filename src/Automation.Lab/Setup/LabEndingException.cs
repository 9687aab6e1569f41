namespace Automation.Lab.Setup;

/// <summary>Not everything that a lab had started ended in order; its message names what did not.</summary>
internal sealed class LabEndingException(IReadOnlyList<Exception> failures)
    : Exception(string.Join("; ", failures.Select(failure => failure.Message)), new AggregateException(failures));
