using System.Reflection;
using System.Runtime.CompilerServices;
using Automation.Telemetry;

namespace Automation;

/// <summary>
/// The functions by name. The <c>Main</c> that the published Annotations package generates ends silently, with success,
/// when <c>ANNOTATIONS_HANDLER</c> names none of them; a stack would then do nothing for ever.
/// </summary>
internal static class FunctionName
{
    private const string Variable = "ANNOTATIONS_HANDLER";

    public static IReadOnlyList<string> Known { get; } =
    [
        nameof(Functions.ForecastStorage), nameof(Functions.GrowStorage), nameof(Functions.PrepareDatabase), nameof(Functions.ReconcileSnapshots),
        nameof(Functions.RelieveConnections), nameof(Functions.RotateSecret), nameof(Functions.TakeSnapshots), nameof(Functions.TestFailover),
    ];

    /// <summary>What is wrong with the name, or <c>null</c>.</summary>
    public static string? FaultOf(string? name) => Known.Contains(name, StringComparer.Ordinal)
        ? null
        : new InvalidSettingException(Variable, $"one of {string.Join(", ", Known)}",
            string.IsNullOrEmpty(name) ? "nothing" : $"'{Printable.Line(name, 100)}'").Message;

    /// <summary>Runs before any <c>Main</c>. It does not throw: a <c>Main</c> that reports the error itself still can.</summary>
    [ModuleInitializer]
    internal static void Check()
    {
        // Tests load the assembly too; only the process of a function has a name to check.
        if (Assembly.GetEntryAssembly() != typeof(FunctionName).Assembly) return;
        if (FaultOf(Environment.GetEnvironmentVariable(Variable)) is not { } fault) return;
        Console.Error.WriteLine(fault);
        Environment.ExitCode = 1;
    }
}
