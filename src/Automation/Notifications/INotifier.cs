using Automation.Outcomes;

namespace Automation.Notifications;

/// <summary>Tells people.</summary>
internal interface INotifier
{
    /// <summary>Sends one message; throws when it was not accepted.</summary>
    Task SendAsync(string capability, Announcement announcement, CancellationToken cancellation);
}
