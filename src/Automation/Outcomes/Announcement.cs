namespace Automation.Outcomes;

/// <summary>
/// What a capability wants a person to read about one outcome: the text of the message is made by the capability, which
/// knows the evidence; Notifications only sends it.
/// </summary>
/// <param name="Outcome">What happened.</param>
/// <param name="Severity">How loudly to say it.</param>
/// <param name="Headline">Subject: at most 100 ASCII characters after trimming; longer is cut.</param>
/// <param name="Text">Evidence before and after, what was done, what to do next; plain text.</param>
public sealed record Announcement(Outcome Outcome, Severity Severity, string Headline, string Text)
{
    /// <summary>
    /// The last line of what people read: what set the run off, and the request to look for in the log. It is kept with the
    /// announcement, so that another run that tells it later names the first cause. <c>null</c> until the run says so.
    /// </summary>
    public string? Origin { get; init; }
}
