namespace Automation.Database;

/// <summary>Why there is no answer.</summary>
/// <param name="Class">What to do next depends on this.</param>
/// <param name="Sentence">
/// For a person: what happened, with the server's own words where it had any. Never a password or a token.
/// </param>
/// <param name="SqlState">The server's five-character code, where it gave one.</param>
public sealed record DatabaseFailure(FailureClass Class, string Sentence, string? SqlState = null)
{
    /// <summary>The failure an exception of the driver stands for.</summary>
    /// <param name="exception">As caught; inner exceptions are looked at too.</param>
    /// <param name="activity">What was going on.</param>
    public static DatabaseFailure From(Exception exception, DatabaseActivity activity)
    {
        ArgumentNullException.ThrowIfNull(exception);
        for (var cause = exception; cause is not null; cause = cause.InnerException)
            if (Failures.Recognise(cause, activity) is { } failure) return failure;
        return new DatabaseFailure(FailureClass.Other, $"The database failed in a way that is not recognised: {exception.Message}");
    }
}
