using Automation.Lab.Incidents;

namespace Automation.Lab.Screen;

/// <summary>How an incident is told while it happens: on a terminal, in a log, or not at all (in tests).</summary>
internal interface IStory
{
    void Chapter(string title);

    /// <summary>Tells that something is going on until it is done, then what came of it.</summary>
    Task<T> StepAsync<T>(string title, Func<Task<T>> work, Func<T, string> result);

    void Line(string text);

    void Table(string title, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows);

    /// <summary>What somebody received.</summary>
    void Message(string subject, string text);

    void Check(Check check);
}
