using Microsoft.CodeAnalysis;

namespace Amazon.Lambda.Annotations.SourceGenerator;

/// <summary>Reads a <c>[LambdaFunction]</c> method.</summary>
internal static class MethodReader
{
    private static readonly SymbolDisplayFormat Qualified = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    public static FunctionModel Read(IMethodSymbol method)
    {
        var (output, isAsync) = Output(method.ReturnType);
        var inputs = method.Parameters.Where(parameter => !IsContext(parameter) && !IsService(parameter)).ToArray();
        return new FunctionModel
        {
            Name = method.Name,
            Namespace = method.ContainingNamespace.IsGlobalNamespace ? "" : method.ContainingNamespace.ToDisplayString(),
            TypeName = method.ContainingType.Name,
            Type = method.ContainingType.ToDisplayString(Qualified),
            Input = inputs.FirstOrDefault()?.Type.ToDisplayString(Qualified),
            Output = output,
            IsAsync = isAsync,
            Arguments = string.Join(", ", method.Parameters.Select(Argument)),
            Serializer = method.GetAttributes()
                .Where(attribute => attribute.AttributeClass?.ToDisplayString() == "Amazon.Lambda.Core.LambdaSerializerAttribute")
                .Select(SerializerOf).FirstOrDefault(),
            Problem = Problem(method, inputs.Length),
            Location = SourceSpan.Of(method),
        };
    }

    public static string? SerializerOf(AttributeData attribute) =>
        attribute.ConstructorArguments.FirstOrDefault().Value is ITypeSymbol type ? type.ToDisplayString(Qualified) : null;

    private static string? Problem(IMethodSymbol method, int inputs)
    {
        if (inputs > 1) return "it takes more than one event; services need [FromServices]";
        if (method.IsStatic) return "it is static; the published generator calls functions on an instance";
        if (method.IsGenericMethod || method.ContainingType.IsGenericType) return "it is generic";
        if (method.ContainingType.ContainingType is not null) return "its class is nested in another";
        if (method.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected) return "it is not accessible";
        return method.Parameters.Any(parameter => parameter.RefKind != RefKind.None) ? "it has a ref parameter" : null;
    }

    private static string Argument(IParameterSymbol parameter) =>
        IsContext(parameter) ? "context"
        : IsService(parameter) ? $"services.GetRequiredService<{parameter.Type.ToDisplayString(Qualified)}>()"
        : "input";

    private static (string? Output, bool IsAsync) Output(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_Void } => (null, false),
        INamedTypeSymbol { Name: "Task" } task when IsTask(task) =>
            (task.TypeArguments.FirstOrDefault()?.ToDisplayString(Qualified), true),
        _ => (type.ToDisplayString(Qualified), false),
    };

    private static bool IsTask(INamedTypeSymbol type) => type.ContainingNamespace.ToDisplayString() == "System.Threading.Tasks";

    private static bool IsContext(IParameterSymbol parameter) => parameter.Type.ToDisplayString() == "Amazon.Lambda.Core.ILambdaContext";

    private static bool IsService(IParameterSymbol parameter) => parameter.GetAttributes()
        .Any(attribute => attribute.AttributeClass?.ToDisplayString() == "Amazon.Lambda.Annotations.FromServicesAttribute");
}
