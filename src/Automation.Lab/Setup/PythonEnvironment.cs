using System.ComponentModel;

namespace Automation.Lab.Setup;

/// <summary>
/// A Python interpreter that has the wanted modules: the machine's own where it has them, else a virtual environment in
/// the lab's cache, filled by pip from whichever index pip is configured for.
/// </summary>
internal sealed class PythonEnvironment
{
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(10);

    private PythonEnvironment(string interpreter) => Interpreter = interpreter;

    /// <summary>The program to start, by name or path.</summary>
    public string Interpreter { get; }

    /// <exception cref="InvalidOperationException">The modules cannot be had here; the message says what to run.</exception>
    public static Task<PythonEnvironment> PrepareAsync(
        IReadOnlyList<PythonModule> modules, Action<string> report, CancellationToken cancellation) =>
        PrepareAsync(modules, "python3", Path.Combine(LabDirectory.Cache, "python"), report, cancellation);

    /// <param name="modules">What must be importable.</param>
    /// <param name="system">The machine's own interpreter.</param>
    /// <param name="folder">Where the virtual environment is, or will be.</param>
    /// <param name="report">Told what is being done, when it takes time.</param>
    /// <param name="cancellation">Ends the programs that were started.</param>
    internal static async Task<PythonEnvironment> PrepareAsync(
        IReadOnlyList<PythonModule> modules, string system, string folder, Action<string> report, CancellationToken cancellation)
    {
        var own = Path.Combine(folder, "bin", "python");
        foreach (var interpreter in new[] { system, own })
        {
            if (await CanImportAsync(interpreter, modules, cancellation)) return new PythonEnvironment(interpreter);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        await using var turn = await TakeTurnAsync(folder + ".lock", cancellation);
        if (!await CanImportAsync(own, [], cancellation)) await CreateAsync(system, folder, report, cancellation);
        if (!await CanImportAsync(own, modules, cancellation)) await InstallAsync(own, modules, report, cancellation);
        return new PythonEnvironment(own);
    }

    private static async Task<bool> CanImportAsync(string interpreter, IReadOnlyList<PythonModule> modules, CancellationToken cancellation)
    {
        var imports = string.Join("; ", modules.Select(m => "import " + m.Import).Prepend("import sys"));
        return await TryRunAsync(interpreter, ["-c", imports], ProbeLimit, cancellation) is null;
    }

    private static async Task CreateAsync(string system, string folder, Action<string> report, CancellationToken cancellation)
    {
        report("Making a Python virtual environment");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        var failure = await TryRunAsync(system, ["-m", "venv", folder], InstallLimit, cancellation);
        if (failure is not null)
        {
            // Debian ships python3 without the part that makes virtual environments.
            try
            {
                await AptPackages.InstallAsync(["python3", "python3-venv"], report, cancellation);
            }
            catch (InvalidOperationException e)
            {
                throw new InvalidOperationException($"{e.Message}\nWithout it: {failure}", e);
            }
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            failure = await TryRunAsync(system, ["-m", "venv", folder], InstallLimit, cancellation);
        }
        if (failure is not null) throw new InvalidOperationException($"Python cannot make a virtual environment in {folder}. {failure}");
    }

    private static async Task InstallAsync(
        string interpreter, IReadOnlyList<PythonModule> modules, Action<string> report, CancellationToken cancellation)
    {
        var requirements = modules.Select(m => m.Requirement).ToList();
        var names = string.Join(' ', requirements);
        report($"Installing {names} with pip");
        var failure = await TryRunAsync(interpreter,
            ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet", .. requirements], InstallLimit, cancellation);
        if (failure is not null)
        {
            throw new InvalidOperationException(
                $"pip cannot install {names} from the index it is configured for. Install them for python3, or configure pip. {failure}");
        }
    }

    /// <returns><c>null</c> on success, else what went wrong.</returns>
    private static async Task<string?> TryRunAsync(
        string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            await ChildProcess.RunAsync(new() { Name = program, FileName = program, Arguments = arguments }, limit, cancellation);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            return e.Message;
        }
    }

    /// <summary>Two runs at once must not fill the same folder: the second waits, and finds it filled.</summary>
    private static async Task<FileStream> TakeTurnAsync(string path, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
            }
        }
    }
}
