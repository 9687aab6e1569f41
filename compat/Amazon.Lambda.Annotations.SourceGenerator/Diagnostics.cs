using Microsoft.CodeAnalysis;

namespace Amazon.Lambda.Annotations.SourceGenerator;

/// <summary>Errors under the published generator's numbers.</summary>
internal static class Diagnostics
{
    public static readonly DiagnosticDescriptor ManyStartups = Error(
        "AWSLambda0101", "Multiple LambdaStartup classes not allowed", "Only one class may carry [LambdaStartup]");

    public static readonly DiagnosticDescriptor CannotGenerate = Error(
        "AWSLambda0107", "Failed code generation", "Method '{0}' cannot be a Lambda function: {1}");

    public static readonly DiagnosticDescriptor NoSerializer = Error(
        "AWSLambda0108", "No serializer", "Add [assembly: LambdaSerializer(typeof(...))]: '{0}' takes or returns JSON");

    public static readonly DiagnosticDescriptor NotExecutable = Error(
        "AWSLambda0111", "No executable", "GenerateMain needs <OutputType>Exe</OutputType>");

    public static readonly DiagnosticDescriptor MainExists = Error(
        "AWSLambda0114", "Main exists", "GenerateMain cannot add a Main: the project has one");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, "AWSLambdaCSharpGenerator", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
