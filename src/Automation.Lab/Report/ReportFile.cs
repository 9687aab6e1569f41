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
            // What is there stays until there is another: a run that breaks off writes its page, too.
            var isNew = !File.Exists(file);
            using (new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write))
            {
            }
            if (isNew) File.Delete(file);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"'{file}' cannot be written: {e.Message}";
        }
    }

    /// <summary>Ends the recording and writes the page, which has no secret. A page that cannot be written, or would have one, is a check that fails.</summary>
    /// <param name="file">Where to.</param>
    /// <param name="recorder">Has watched the run.</param>
    /// <param name="seed">What chance was seeded with.</param>
    /// <param name="story">Gets the checks.</param>
    /// <param name="secrets">What is looked for in the page.</param>
    /// <param name="broken">Why the run ended before its time; <c>null</c>: it did not.</param>
    public static async Task WriteAsync(string file, RunRecorder recorder, int seed, IStory story, IReadOnlyList<KnownSecret> secrets, string? broken)
    {
        await recorder.StopAsync();
        // Of a lab that could not be built the page has the progress alone, and the lab that knows the secrets is gone.
        var found = KnownSecrets.In(HtmlReport.Render(recorder.Finish(seed, broken)), secrets);
        if (secrets.Count > 0) story.Check(new Check("no password, key or token of the run is in its report", found.Count == 0,
            found.Count == 0 ? FormattableString.Invariant($"{secrets.Count} looked for") : $"{string.Join(", ", found)}; it is not written"));
        if (found.Count > 0) return;
        try
        {
            // Once more: with what was just found out. Not to be interrupted, or there would be half a page.
            await File.WriteAllTextAsync(file, HtmlReport.Render(recorder.Finish(seed, broken)), CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            story.Check(new Check("the report could be written", false, e.Message));
        }
    }
}
