using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Amazon.Lambda.Annotations.SourceGenerator;

/// <summary>
/// Emits <c>GeneratedProgram.Main</c> and a wrapper class for each <c>[LambdaFunction]</c>, for assemblies with
/// <c>[assembly: LambdaGlobalProperties(GenerateMain = true)]</c>; nothing for any other.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class MainGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var functions = context.SyntaxProvider.ForAttributeWithMetadataName(
            "Amazon.Lambda.Annotations.LambdaFunctionAttribute",
            static (_, _) => true,
            static (target, _) => MethodReader.Read((IMethodSymbol)target.TargetSymbol)).Collect();
        var startups = context.SyntaxProvider.ForAttributeWithMetadataName(
            "Amazon.Lambda.Annotations.LambdaStartupAttribute",
            static (_, _) => true,
            static (target, _) => target.TargetSymbol.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)).Collect();
        var assembly = context.CompilationProvider.Select(AssemblyModel.From);

        context.RegisterSourceOutput(functions.Combine(startups).Combine(assembly), static (output, model) =>
            Emit(output, model.Left.Left, model.Left.Right, model.Right));
    }

    private static void Emit(
        SourceProductionContext output, ImmutableArray<FunctionModel> functions, ImmutableArray<string> startups, AssemblyModel assembly)
    {
        if (!assembly.GenerateMain || functions.IsEmpty) return;

        var problems = Problems(functions, startups, assembly).ToArray();
        foreach (var problem in problems) output.ReportDiagnostic(problem);
        if (problems.Length > 0) return;

        foreach (var function in functions)
        {
            output.AddSource($"{function.Wrapper}.g.cs", WrapperSource.Write(function, startups.FirstOrDefault()));
        }
        output.AddSource("GeneratedProgram.g.cs", ProgramSource.Write(functions, assembly.Serializer));
    }

    private static IEnumerable<Diagnostic> Problems(
        ImmutableArray<FunctionModel> functions, ImmutableArray<string> startups, AssemblyModel assembly)
    {
        if (!assembly.IsExecutable) yield return Diagnostic.Create(Diagnostics.NotExecutable, null);
        if (assembly.HasMain) yield return Diagnostic.Create(Diagnostics.MainExists, null);
        if (startups.Length > 1) yield return Diagnostic.Create(Diagnostics.ManyStartups, null);

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var function in functions)
        {
            // ANNOTATIONS_HANDLER holds the bare method name.
            var problem = function.Problem ?? (names.Add(function.Name) ? null : "another function has the same name");
            if (problem is not null)
            {
                yield return Diagnostic.Create(Diagnostics.CannotGenerate, function.Location?.ToLocation(), function.Name, problem);
            }
            if (function is { Serializer: null } and not { Input: null, Output: null } && assembly.Serializer is null)
            {
                yield return Diagnostic.Create(Diagnostics.NoSerializer, function.Location?.ToLocation(), function.Name);
            }
        }
    }
}
