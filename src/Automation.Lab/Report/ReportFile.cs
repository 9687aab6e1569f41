using Automation.Lab.Incidents;
using Automation.Lab.Screen;

namespace Automation.Lab.Report;

/// <summary>The file that <c>--report</c> names.</summary>
internal static class ReportFile
{
    /// <summary>Why it cannot be written; asked before a run of minutes and not after it. <c>null</c>: it can.</summary>
    public static string? Problem(string file)
    {
        try
        {
            if (Directory.Exists(file)) return $"'{file}' is a folder: a file is expected";
            // Emptied: a run that breaks off must not leave the page of an earlier one behind.
            using var _ = new FileStream(file, FileMode.Create, FileAccess.Write);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"'{file}' cannot be written: {e.Message}";
        }
    }

    /// <summary>Ends the recording and writes the page. A page that cannot be written is a check that fails.</summary>
    public static async Task WriteAsync(string file, RunRecorder recorder, int seed, IStory story, CancellationToken cancellation)
    {
        await recorder.StopAsync();
        try
        {
            await File.WriteAllTextAsync(file, HtmlReport.Render(recorder.Finish(seed)), cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            story.Check(new Check("the report could be written", false, e.Message));
        }
    }
}
