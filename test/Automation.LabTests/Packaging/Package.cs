using System.IO.Compression;
using System.Runtime.InteropServices;
using Automation.Lab.Setup;

namespace Automation.LabTests.Packaging;

/// <summary>
/// <c>src/Automation</c> as <c>sam build</c> publishes it, zipped; and a machine that has the zip and a .NET runtime, but no SDK.
/// </summary>
public sealed class Package : IAsyncLifetime
{
    private const string Framework = "Microsoft.NETCore.App";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    // <root>/shared/Microsoft.NETCore.App/<version>/
    private static readonly DirectoryInfo Installed = new(RuntimeEnvironment.GetRuntimeDirectory());
    private static readonly string InstalledRoot = Installed.Parent!.Parent!.Parent!.FullName;

    private readonly string folder = Directory.CreateTempSubdirectory("rds-automation-package-").FullName;

    /// <summary>What is uploaded.</summary>
    internal string Zip => Path.Combine(folder, "automation.zip");

    /// <summary>The zip, unpacked where Lambda would: the task root.</summary>
    internal string TaskRoot => Path.Combine(folder, "task");

    /// <summary>The runtime's folder: <c>dotnet</c> and the one framework that Lambda has.</summary>
    internal string RuntimeRoot => Path.Combine(folder, "dotnet");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var output = Path.Combine(folder, "publish");
        await PublishAsync(output);
        await ZipFile.CreateFromDirectoryAsync(output, Zip, CompressionLevel.Optimal, includeBaseDirectory: false, Cancellation);
        await ZipFile.ExtractToDirectoryAsync(Zip, TaskRoot, Cancellation);
        InstallRuntime();
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>What a program on that machine prints; it finds nothing by PATH.</summary>
    internal Task<string> RunAsync(params string[] arguments) => ChildProcess.RunAsync(new ChildProcessOptions
    {
        Name = "dotnet of the runtime alone",
        FileName = Path.Combine(RuntimeRoot, "dotnet"),
        Arguments = arguments,
        CleanEnvironment = true,
        Environment = new Dictionary<string, string?> { ["DOTNET_ROOT"] = RuntimeRoot, ["HOME"] = folder, ["PATH"] = "" },
    }, Limit, Cancellation);

    /// <summary>
    /// The command of <c>dotnet lambda package</c>, which sam runs, but for the packages: where these tests run, the feed may lack
    /// the published ones (docs/aws-packages.md). The analyzers have spoken when the solution was built.
    /// </summary>
    private static Task<string> PublishAsync(string output) => ChildProcess.RunAsync(new ChildProcessOptions
    {
        Name = "dotnet publish",
        // Takes what other tests leave of the processors.
        FileName = "nice",
        Arguments =
        [
            "-n", "10", "dotnet", "publish", Repository.PathOf("src/Automation"), "--output", output, "--configuration", "Release",
            "--framework", "net10.0", "/p:GenerateRuntimeConfigurationFiles=true", "-p:AwsPackages=compat",
            "--runtime", $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}", "--self-contained", "false",
            "-p:RunAnalyzers=false", "-p:GenerateDocumentationFile=false", "--nologo", "--verbosity", "quiet", "/nodeReuse:false",
        ],
        WorkingDirectory = Repository.Root,
    }, Limit, Cancellation);

    /// <summary>The host is a copy: it looks for frameworks and SDKs beside where it really is, behind any link.</summary>
    private void InstallRuntime()
    {
        var framework = Directory.CreateDirectory(Path.Combine(RuntimeRoot, "shared", Framework)).FullName;
        File.CreateSymbolicLink(Path.Combine(framework, Installed.Name), Installed.FullName);
        File.CreateSymbolicLink(Path.Combine(RuntimeRoot, "host"), Path.Combine(InstalledRoot, "host"));
        File.Copy(Path.Combine(InstalledRoot, "dotnet"), Path.Combine(RuntimeRoot, "dotnet"));
    }
}
