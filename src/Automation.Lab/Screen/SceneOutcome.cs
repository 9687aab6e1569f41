using Automation.Lab.Incidents;

namespace Automation.Lab.Screen;

/// <summary>How an incident ended.</summary>
/// <param name="Title">Of the scene, or of the chapter.</param>
/// <param name="Scene"><c>null</c>: a chapter, which is no incident.</param>
/// <param name="Decisions">In order.</param>
/// <param name="Messages">The subjects of what people received, in order.</param>
/// <param name="Checks">All of them.</param>
internal sealed record SceneOutcome(
    string Title, Scene? Scene, IReadOnlyList<Decision> Decisions, IReadOnlyList<string> Messages, IReadOnlyList<Check> Checks);
