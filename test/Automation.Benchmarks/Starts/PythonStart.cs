using System.Diagnostics;
using System.Globalization;
using Automation.Lab.Setup;

namespace Automation.Benchmarks.Starts;

/// <summary>What a function would pay in Python before its first line.</summary>
internal sealed class PythonStart
{
    public const string Import = "import boto3";
    public const string ImportAndClient = Import + "; boto3.client('rds', region_name='eu-central-1')";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly string program;

    private PythonStart(string interpreter, string program)
    {
        Interpreter = interpreter;
        this.program = program;
    }

    /// <summary>The real one: <c>python3</c> may be a version manager's script, whose time is not Python's.</summary>
    public string Interpreter { get; }

    /// <param name="program">One of this type's.</param>
    /// <param name="report">Told what is being done, when it takes time.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">boto3 cannot be had here; the message says what to run.</exception>
    public static async Task<PythonStart> FindAsync(string program, Action<string> report, CancellationToken cancellation)
    {
        var python = await PythonEnvironment.PrepareAsync([new PythonModule("boto3", "boto3")], report, cancellation);
        return new PythonStart((await RunAsync(python.Interpreter, "import sys; print(sys.executable)", cancellation)).Trim(), program);
    }

    /// <summary>From the start of the process to its end.</summary>
    public async Task<TimeSpan> MeasureAsync(CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await using var child = ChildProcess.Start(Options(Interpreter, program));
        await child.Exited.WaitAsync(Limit, cancellation);
        var took = Stopwatch.GetElapsedTime(started);
        return child.ExitCode == 0 ? took : throw new InvalidOperationException($"{child.Name} failed.\n{child.Tail()}");
    }

    /// <summary>VmHWM at the end of the same program, told by itself, in megabytes.</summary>
    public async Task<double> MeasurePeakAsync(CancellationToken cancellation)
    {
        var status = await RunAsync(Interpreter, program + "; print(open('/proc/self/status').read())", cancellation);
        var line = status.Split('\n').Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return Math.Ceiling(long.Parse(line.AsSpan(6).TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) / 1024d);
    }

    private static Task<string> RunAsync(string interpreter, string program, CancellationToken cancellation) =>
        ChildProcess.RunAsync(Options(interpreter, program), Limit, cancellation);

    private static ChildProcessOptions Options(string interpreter, string program) =>
        new() { Name = "Python with boto3", FileName = interpreter, Arguments = ["-c", program] };
}
