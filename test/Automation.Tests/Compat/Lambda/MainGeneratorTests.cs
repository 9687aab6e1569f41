using Amazon.Lambda.Annotations.SourceGenerator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Automation.Tests.Compat.Lambda;

/// <summary>What the generator makes of an assembly with functions.</summary>
public sealed class MainGeneratorTests
{
    private const string Attributes = """
        using System.IO;
        using System.Threading.Tasks;
        using Amazon.Lambda.Annotations;
        using Amazon.Lambda.Core;
        using Amazon.Lambda.Serialization.SystemTextJson;
        using Microsoft.Extensions.DependencyInjection;
        [assembly: LambdaGlobalProperties(GenerateMain = true)]
        [assembly: LambdaSerializer(typeof(Example.Json))]
        namespace Example;
        public sealed class Json : ILambdaSerializer
        {
            public T Deserialize<T>(Stream requestStream) => throw new System.NotSupportedException();
            public void Serialize<T>(T response, Stream responseStream) => throw new System.NotSupportedException();
        }

        """;

    private const string Startup = """
        [LambdaStartup]
        public sealed class Startup { public void ConfigureServices(IServiceCollection services) { } }

        """;

    /// <summary>All that this test project runs with: .NET, the subset, dependency injection.</summary>
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    [Theory]
    [InlineData("public string F(string input) => input;")]
    [InlineData("public string? F(string? input, ILambdaContext context) => input;")]
    [InlineData("public Task<string> F(string input) => Task.FromResult(input);")]
    [InlineData("public Task<string> F(ILambdaContext context, string input) => Task.FromResult(input);")]
    [InlineData("public async Task F(string input, ILambdaContext context) => await Task.Yield();")]
    [InlineData("public void F(string input) { }")]
    [InlineData("public void F() { }")]
    [InlineData("public Task F(ILambdaContext context) => Task.CompletedTask;")]
    [InlineData("public int F() => 1;")]
    [InlineData("public Task<int> F(ILambdaContext context) => Task.FromResult(1);")]
    [InlineData("internal System.Collections.Generic.List<int?> F(System.Collections.Generic.Dictionary<string, int[]> input) => [];")]
    public void Method_OfEachShape_CompilesWithoutAWarning(string method)
    {
        var functions = $"public sealed class Functions {{ [LambdaFunction] {method} }}";

        Assert.Empty(Run(Attributes + functions).Diagnostics);
        Assert.Empty(Run(Attributes + Startup + functions).Diagnostics);
    }

    [Fact]
    public void Service_AsParameter_ComesFromTheScope()
    {
        var (sources, diagnostics) = Run(Attributes + Startup + """
            public sealed class Clock { }
            public sealed class Functions { [LambdaFunction] public int F(string input, [FromServices] Clock clock) => 1; }
            """);

        Assert.Empty(diagnostics);
        Assert.Contains("F(input, services.GetRequiredService<global::Example.Clock>())", sources["Functions_F_Generated.g.cs"], StringComparison.Ordinal);
    }

    [Fact]
    public void Main_OfSeveralFunctions_ListsThemSortedForAnUnknownName()
    {
        var (sources, diagnostics) = Run(Attributes + """
            public sealed class Later { [LambdaFunction] public void Zulu() { } [LambdaFunction] public void Alpha() { } }
            public sealed class Earlier { [LambdaFunction] public void Mike() { } }
            """);

        Assert.Empty(diagnostics);
        Assert.Contains("it must name one of: Alpha, Mike, Zulu.", sources["GeneratedProgram.g.cs"], StringComparison.Ordinal);
        Assert.Contains("namespace Example;", sources["GeneratedProgram.g.cs"], StringComparison.Ordinal);
        Assert.Equal(4, sources.Count);
    }

    [Theory]
    [InlineData("", "public sealed class Functions { [LambdaFunction] public void F() { } }")]
    [InlineData("[assembly: LambdaGlobalProperties(GenerateMain = false)]", "public sealed class Functions { [LambdaFunction] public void F() { } }")]
    [InlineData("[assembly: LambdaGlobalProperties(GenerateMain = true)]", "public sealed class Functions { public void F() { } }")]
    public void Assembly_WithoutMainToGenerateOrWithoutFunctions_GetsNothing(string attribute, string functions)
    {
        var (sources, _) = Run($"using Amazon.Lambda.Annotations; {attribute} {functions}");

        Assert.Empty(sources);
    }

    [Theory]
    [InlineData("AWSLambda0107", "[LambdaFunction] public void F() { } [LambdaFunction] public void F(string input) { }")]
    [InlineData("AWSLambda0107", "[LambdaFunction] public void F(string one, string two) { }")]
    [InlineData("AWSLambda0107", "[LambdaFunction] public static void F() { }")]
    [InlineData("AWSLambda0107", "[LambdaFunction] private void F() { }")]
    [InlineData("AWSLambda0107", "[LambdaFunction] public T F<T>(T input) => input;")]
    [InlineData("AWSLambda0107", "[LambdaFunction] public void F(ref int input) { }")]
    [InlineData("AWSLambda0107", "public sealed class Nested { [LambdaFunction] public void F() { } }")]
    [InlineData("AWSLambda0101", "[LambdaFunction] public void F() { } [LambdaStartup] class A { } [LambdaStartup] class B { }")]
    [InlineData("AWSLambda0114", "[LambdaFunction] public void F() { } public static void Main() { }")]
    public void Method_ThatCannotBeAFunction_IsAnErrorAndNothingIsGenerated(string id, string members)
    {
        var (sources, diagnostics) = Run(Attributes + $"public sealed class Functions {{ {members} }}");

        Assert.Contains(diagnostics, diagnostic => diagnostic.Id == id && diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Empty(sources);
    }

    [Theory]
    [InlineData("public void F(string input) { }", true)]
    [InlineData("public int F() => 1;", true)]
    [InlineData("public void F(ILambdaContext context) { }", false)]
    public void Serializer_Missing_IsAnErrorForWhoNeedsOne(string method, bool needed)
    {
        var source = Attributes.Replace("[assembly: LambdaSerializer(typeof(Example.Json))]", "", StringComparison.Ordinal);

        var (_, diagnostics) = Run($"{source} public sealed class Functions {{ [LambdaFunction] {method} }}");

        Assert.Equal(needed ? ["AWSLambda0108"] : [], diagnostics.Where(diagnostic => diagnostic.Id.StartsWith("AWS", StringComparison.Ordinal)).Select(diagnostic => diagnostic.Id));
    }

    [Fact]
    public void Library_WithGenerateMain_IsAnError()
    {
        var (_, diagnostics) = Run(Attributes + "public sealed class Functions { [LambdaFunction] public void F() { } }", OutputKind.DynamicallyLinkedLibrary);

        Assert.Contains(diagnostics, diagnostic => diagnostic.Id == "AWSLambda0111");
    }

    /// <summary>The generated files by name; the generator's and the compiler's warnings and errors.</summary>
    private static (Dictionary<string, string> Sources, Diagnostic[] Diagnostics) Run(
        string source, OutputKind kind = OutputKind.ConsoleApplication)
    {
        var token = TestContext.Current.CancellationToken;
        var compilation = CSharpCompilation.Create("example",
            [CSharpSyntaxTree.ParseText(source, cancellationToken: token)],
            References,
            new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable));

        var run = CSharpGeneratorDriver.Create(new MainGenerator())
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out var reported, token)
            .GetRunResult();

        var sources = run.Results.Single().GeneratedSources.ToDictionary(file => file.HintName, file => file.SourceText.ToString());
        var diagnostics = reported.Concat(output.GetDiagnostics(token)).Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);
        return (sources, [.. diagnostics]);
    }
}
