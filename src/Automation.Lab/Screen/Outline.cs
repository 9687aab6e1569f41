using Automation.Lab.Incidents;

namespace Automation.Lab.Screen;

/// <summary>Keeps how each incident ended, for the end of the story, while another tells it.</summary>
internal sealed class Outline(IStory teller) : IStory
{
    private readonly List<(string Title, Scene? Scene, List<Decision> Decisions, List<string> Messages, List<Check> Checks)> scenes = [];

    /// <summary>All so far, in order.</summary>
    public IReadOnlyList<SceneOutcome> Scenes =>
        [.. scenes.Select(scene => new SceneOutcome(scene.Title, scene.Scene, [.. scene.Decisions], [.. scene.Messages], [.. scene.Checks]))];

    public void Chapter(string title)
    {
        scenes.Add((title, null, [], [], []));
        teller.Chapter(title);
    }

    public void Open(Scene scene)
    {
        scenes.Add((scene.Title, scene, [], [], []));
        teller.Open(scene);
    }

    public void Happened(string what) => teller.Happened(what);

    public void Saw(Sighting sighting) => teller.Saw(sighting);

    public void Decided(Decision decision)
    {
        scenes[^1].Decisions.Add(decision);
        teller.Decided(decision);
    }

    public void Message(string subject, string text)
    {
        scenes[^1].Messages.Add(subject);
        teller.Message(subject, text);
    }

    public void Proof() => teller.Proof();

    public Task<T> StepAsync<T>(string title, Func<Task<T>> work, Func<T, string> result) => teller.StepAsync(title, work, result);

    public void Line(string text) => teller.Line(text);

    public void Table(string title, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows) => teller.Table(title, columns, rows);

    public void Check(Check check)
    {
        scenes[^1].Checks.Add(check);
        teller.Check(check);
    }
}
