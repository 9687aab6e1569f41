using System.Runtime.InteropServices;
using Automation.Lab.Setup;

namespace Automation.Benchmarks;

/// <summary>A project published as it is deployed: ReadyToRun, on the shared framework.</summary>
internal static class Publication
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <returns>The path of the published program.</returns>
    /// <exception cref="InvalidOperationException">It does not build; the message has the last lines of the output.</exception>
    public static async Task<string> CreateAsync(string project, string program, CancellationToken cancellation)
    {
        var folder = Repository.PathOf(Path.Combine("artifacts", "benchmarks", program));
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        await ChildProcess.RunAsync(new ChildProcessOptions
        {
            Name = $"dotnet publish {project}",
            FileName = "dotnet",
            Arguments =
            [
                "publish", Repository.PathOf(project), "--configuration", "Release", "--runtime", $"linux-{architecture}",
                "--self-contained", "false", "--output", folder, "--nologo", "--verbosity", "quiet", "/nodeReuse:false",
            ],
            WorkingDirectory = Repository.Root,
        }, Limit, cancellation);
        return Path.Combine(folder, program);
    }
}
