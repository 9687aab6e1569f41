namespace Automation.Lab.Screen;

/// <summary>One incident of the day.</summary>
/// <param name="Incident">The name that <c>--only</c> knows, as <c>storage</c>; two scenes may share it.</param>
/// <param name="When">The part of the day, as <c>Morning</c>: the lab's order, not a time.</param>
/// <param name="Title">As <c>a disk that fills by data</c>.</param>
/// <param name="About">What is at stake, for somebody who knows nothing of it.</param>
internal sealed record Scene(string Incident, string When, string Title, string About);
