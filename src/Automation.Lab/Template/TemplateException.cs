namespace Automation.Lab.Template;

/// <summary>The template says something the lab cannot follow; the message names the place in the template.</summary>
internal sealed class TemplateException : Exception
{
    public TemplateException(string path, string problem, Exception? inner = null)
        : base($"{(path.Length == 0 ? "template" : path)}: {problem}", inner) => Path = path;

    /// <summary>Where, as <c>Resources.Alarm.Properties.Threshold</c>.</summary>
    public string Path { get; }
}
