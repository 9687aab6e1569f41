using Automation.Lab.Incidents;
using Automation.Lab.Screen;

namespace Automation.Lab.Report;

/// <summary>Keeps what is told, and when, while another tells it.</summary>
/// <param name="teller">The other.</param>
/// <param name="time">When.</param>
internal sealed class RecordedStory(IStory teller, TimeProvider time) : IStory
{
    private readonly Lock gate = new();
    private readonly List<(RunChapter Chapter, List<RunTold> Told)> chapters = [];
    private Phase phase;

    /// <summary>All so far. What was told before the first chapter belongs to none, and is not kept.</summary>
    /// <param name="end">Until when the last goes on.</param>
    public IReadOnlyList<RunChapter> Chapters(DateTimeOffset end)
    {
        lock (gate)
        {
            return [.. chapters.Select((one, n) => one.Chapter with
            {
                To = n + 1 < chapters.Count ? chapters[n + 1].Chapter.At : end,
                Told = [.. one.Told],
            })];
        }
    }

    public void Chapter(string title)
    {
        Begin(new RunChapter { At = time.GetUtcNow(), To = default, Title = title, Told = [] });
        teller.Chapter(title);
    }

    public void Open(Scene scene)
    {
        Begin(new RunChapter { At = time.GetUtcNow(), To = default, Title = scene.Title, When = scene.When, About = scene.About, Told = [] });
        teller.Open(scene);
    }

    public void Happened(string what)
    {
        phase = Phase.Happened;
        Line(what, teller.Happened);
    }

    public void Saw(Sighting sighting)
    {
        phase = Phase.Saw;
        var trigger = sighting.Trigger == TriggerKind.SecretsManager ? "Secrets Manager" : $"{sighting.Trigger}".ToLowerInvariant();
        Add(new RunSighting(sighting.At, trigger, sighting.Source, [.. sighting.Facts.Select(fact => new RunOption(fact.Name, fact.Value))]));
        teller.Saw(sighting);
    }

    /// <summary>The report has the decisions from the functions themselves.</summary>
    public void Decided(Decision decision)
    {
        phase = Phase.Decided;
        teller.Decided(decision);
    }

    /// <summary>The report has the messages from the topics.</summary>
    public void Message(string subject, string text)
    {
        phase = Phase.Received;
        teller.Message(subject, text);
    }

    public void Proof()
    {
        phase = Phase.Proof;
        teller.Proof();
    }

    public async Task<T> StepAsync<T>(string title, Func<Task<T>> work, Func<T, string> result)
    {
        var (at, began, step) = (time.GetUtcNow(), time.GetTimestamp(), phase);
        return await teller.StepAsync(title, work, done =>
        {
            var words = result(done);
            Add(new RunStep(at, step, title, time.GetElapsedTime(began), words));
            return words;
        });
    }

    public void Line(string text) => Line(text, teller.Line);

    public void Table(string title, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        Add(new RunTable(time.GetUtcNow(), phase, title, columns, rows));
        teller.Table(title, columns, rows);
    }

    public void Check(Check check)
    {
        Add(new RunCheck(time.GetUtcNow(), phase, check.Claim, check.Holds, check.Seen));
        teller.Check(check);
    }

    private void Line(string text, Action<string> tell)
    {
        Add(new RunLine(time.GetUtcNow(), phase, text));
        tell(text);
    }

    private void Begin(RunChapter chapter)
    {
        phase = Phase.Happened;
        lock (gate) chapters.Add((chapter, []));
    }

    private void Add(RunTold told)
    {
        lock (gate)
        {
            if (chapters.Count > 0) chapters[^1].Told.Add(told);
        }
    }
}
