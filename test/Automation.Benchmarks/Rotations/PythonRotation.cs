using Automation.Benchmarks.Starts;
using Automation.Lab;
using Automation.Lab.Lambda;
using Automation.Lab.Setup;

namespace Automation.Benchmarks.Rotations;

/// <summary>AWS's single-user sample (<c>single_user.py</c>) as a function of the lab.</summary>
internal static class PythonRotation
{
    private const string Script = "single_user.py";

    // The driver that the sample uses, which pip would have to compile.
    private const string Driver = "python3-pygresql";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <exception cref="InvalidOperationException">boto3 or the driver cannot be had here; the message says what to do.</exception>
    public static async Task<FunctionDefinition> PrepareAsync(
        LocalLab lab, PythonStart python, Action<string> report, CancellationToken cancellation)
    {
        var source = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, nameof(Rotations), Script), cancellation);
        var program = lab.Directory.Combine(Script);
        await File.WriteAllTextAsync(program, $"#!{python.Interpreter}\n{source}", cancellation);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        if (await WhyNotAsync(python, lab, cancellation) is not null) await AptPackages.InstallAsync([Driver], report, cancellation);
        if (await WhyNotAsync(python, lab, cancellation) is { } why)
            throw new InvalidOperationException($"{python.Interpreter} cannot load PyGreSQL; make `import pgdb` work there. {why}");

        var ours = lab.Account.Template.Function(RotationBenchmark.Function);
        return new FunctionDefinition
        {
            Name = "single-user-sample",
            ExecutablePath = program,
            Handler = Script,
            Region = lab.Region,
            Environment = new Dictionary<string, string>
            {
                ["SECRETS_MANAGER_ENDPOINT"] = lab.Account.Endpoint.Uri.AbsoluteUri,
                ["CA_BUNDLE_PATH"] = lab.Database.Server.CaBundlePath,
            },
            // Somebody else's: it asks for calls that our role has no right to.
            Credentials = new FunctionCredentials("ASIASAMPLEROTATION00", "sample/secret/not/a/real/one", "sample-session-token"),
            Timeout = ours.Timeout,
            MemoryMB = ours.MemorySize,
        };
    }

    /// <returns>What Python said, or <c>null</c> when the script can be imported.</returns>
    private static async Task<string?> WhyNotAsync(PythonStart python, LocalLab lab, CancellationToken cancellation)
    {
        try
        {
            await ChildProcess.RunAsync(new ChildProcessOptions
            {
                Name = Script,
                FileName = python.Interpreter,
                Arguments = ["-c", "import single_user"],
                WorkingDirectory = lab.Directory.Path,
            }, Limit, cancellation);
            return null;
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
    }
}
