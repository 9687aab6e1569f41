using Automation.Lab.Incidents;

namespace Automation.Lab.Screen;

/// <summary>How an incident is told while it happens: on a terminal, in a log, in a report, or not at all (in tests).</summary>
/// <remarks>
/// A scene has five steps, always in this order: <see cref="Happened"/>, <see cref="Saw"/>, <see cref="Decided"/>,
/// <see cref="Message"/>, <see cref="Proof"/>. Each may be told more than once before the next begins. Steps, lines, tables and
/// checks belong to the scene's step that was told last. A <see cref="Chapter"/> ends the scene before it, and has no steps.
/// </remarks>
internal interface IStory
{
    /// <summary>What is no incident: how the account is built, what is left at the end.</summary>
    void Chapter(string title);

    /// <summary>An incident begins.</summary>
    void Open(Scene scene);

    /// <summary>1. What happened, in a sentence or two.</summary>
    void Happened(string what);

    /// <summary>2. What the automation saw: what set it off, and the facts it was given or measured itself.</summary>
    void Saw(Sighting sighting);

    /// <summary>3. What it decided, and why.</summary>
    void Decided(Decision decision);

    /// <summary>4. What somebody received.</summary>
    void Message(string subject, string text);

    /// <summary>5. From here on: proof that it was right, from the database itself.</summary>
    void Proof();

    /// <summary>Tells that something is going on until it is done, then what came of it.</summary>
    Task<T> StepAsync<T>(string title, Func<Task<T>> work, Func<T, string> result);

    void Line(string text);

    void Table(string title, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows);

    void Check(Check check);
}
