using System.IO.Compression;
using Automation.Lab.Setup;

namespace Automation.LabTests.Setup;

public sealed class PythonEnvironmentTests : IDisposable
{
    private readonly DirectoryInfo scratch = Directory.CreateTempSubdirectory("python-environment-");
    private readonly List<string> reports = [];
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(scratch.FullName, "cache", "python");

    public void Dispose() => scratch.Delete(recursive: true);

    [Fact]
    public async Task Prepare_ModuleOfTheSystem_UsesTheSystems()
    {
        var python = await PrepareAsync(new PythonModule("json", "never-installed"));

        Assert.Equal("python3", python.Interpreter);
        Assert.Empty(reports);
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public async Task Prepare_MissingModuleByTwoAtOnce_IsInstalledOnceAndWhatCannotBeIsNamed()
    {
        var module = new PythonModule("lab_probe", Wheel("lab_probe"));

        var both = await Task.WhenAll(PrepareAsync(module), PrepareAsync(module));

        Assert.All(both, python => Assert.Equal(Path.Combine(Folder, "bin", "python"), python.Interpreter));
        Assert.Equal("42", await AnswerAsync(both[0], "import lab_probe; print(lab_probe.answer)"));
        Assert.Equal(2, reports.Count);
        Assert.Contains("virtual environment", reports[0], StringComparison.Ordinal);
        Assert.Contains("lab_probe", reports[1], StringComparison.Ordinal);

        // Into the same environment: to make one takes longer than all the rest.
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            PrepareAsync(new PythonModule("lab_absent", Path.Combine(scratch.FullName, "nothing-1.0-py3-none-any.whl"))));
        Assert.Contains("pip cannot install", error.Message, StringComparison.Ordinal);
        Assert.Contains("nothing-1.0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_BrokenEnvironment_IsMadeAgain()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "bin"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "bin", "python"), "not a program", cancellation);

        var python = await PrepareAsync(new PythonModule("lab_probe", Wheel("lab_probe")));

        Assert.Equal("42", await AnswerAsync(python, "import lab_probe; print(lab_probe.answer)"));
    }

    private Task<PythonEnvironment> PrepareAsync(params PythonModule[] modules) =>
        PythonEnvironment.PrepareAsync(modules, "python3", Folder, text => { lock (reports) reports.Add(text); }, cancellation);

    private Task<string> AnswerAsync(PythonEnvironment python, string program) => ChildProcess.RunAsync(
        new() { Name = "python", FileName = python.Interpreter, Arguments = ["-c", program] }, TimeSpan.FromMinutes(1), cancellation);

    /// <summary>A package of one module, which pip installs without asking any index.</summary>
    private string Wheel(string name)
    {
        var path = Path.Combine(scratch.FullName, $"{name}-1.0-py3-none-any.whl");
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        Add($"{name}.py", "answer = 42\n");
        Add($"{name}-1.0.dist-info/METADATA", $"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n");
        Add($"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
        Add($"{name}-1.0.dist-info/RECORD", $"{name}.py,,\n{name}-1.0.dist-info/METADATA,,\n{name}-1.0.dist-info/WHEEL,,\n{name}-1.0.dist-info/RECORD,,\n");
        return path;

        void Add(string entry, string text)
        {
            using var writer = new StreamWriter(archive.CreateEntry(entry).Open());
            writer.Write(text);
        }
    }
}
