using System.Collections.Immutable;

namespace Amazon.Lambda.Annotations.SourceGenerator;

/// <summary>
/// <c>Main</c>: runs the function that <c>ANNOTATIONS_HANDLER</c> names. Wrappers are made in the bootstrap's initializer,
/// so that whatever fails there, an unknown name too, is reported to <c>/runtime/init/error</c>.
/// </summary>
internal static class ProgramSource
{
    public static string Write(ImmutableArray<FunctionModel> functions, string? serializer)
    {
        var names = functions.Select(function => function.Name).OrderBy(name => name, StringComparer.Ordinal).ToArray();
        // The program stands beside the functions; of several namespaces, in the outermost.
        var home = functions.Select(function => function.Namespace)
            .OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal).First();
        var cases = string.Concat(functions
            .OrderBy(function => function.Name, StringComparer.Ordinal)
            .Select(function => Case(function, function.Serializer ?? serializer)));
        return $$"""
            {{GeneratedCode.Header}}{{(home.Length > 0 ? $"namespace {home};\n\n" : "")}}internal static class GeneratedProgram
            {
                public static async global::System.Threading.Tasks.Task<int> Main(string[] args)
                {
                    var handler = global::System.Environment.GetEnvironmentVariable("ANNOTATIONS_HANDLER");
                    switch (handler)
                    {
            {{cases}}            default:
                            return await RunAsync(
                                {{GeneratedCode.Builder}}.Create((_, _) => {{GeneratedCode.Task}}.CompletedTask),
                                () => throw new global::System.InvalidOperationException(
                                    $"ANNOTATIONS_HANDLER is '{handler}'; it must name one of: {{string.Join(", ", names)}}."));
                    }
                }

                private static async global::System.Threading.Tasks.Task<int> RunAsync(
                    {{GeneratedCode.Builder}} builder, global::System.Action initialize)
                {
                    var initialized = false;
                    using var bootstrap = builder.UseBootstrapHandler(() =>
                    {
                        initialize();
                        initialized = true;
                        return {{GeneratedCode.Task}}.FromResult(true);
                    }).Build();
                    try
                    {
                        await bootstrap.RunAsync();
                        return 0;
                    }
                    catch (global::System.Exception) when (!initialized)
                    {
                        // Logged and reported by the bootstrap.
                        return 1;
                    }
                }
            }

            """;
    }

    private static string Case(FunctionModel function, string? serializer)
    {
        var wrapper = function.Namespace.Length > 0
            ? $"global::{function.Namespace}.{function.Wrapper}" : $"global::{function.Wrapper}";
        var types = (function.Input, function.Output) switch
        {
            (null, null) => "",
            ({ } input, null) => $"<{input}>",
            (null, { } output) => $"<{output}>",
            ({ } input, { } output) => $"<{input}, {output}>",
        };
        var serialize = types.Length == 0 ? "" : $", new {serializer}()";
        return $$"""
                        case "{{function.Name}}":
                        {
                            {{wrapper}}? function = null;
                            return await RunAsync(
                                {{GeneratedCode.Builder}}.Create{{types}}(({{function.Input ?? GeneratedCode.Stream}} input, {{GeneratedCode.Context}} context) => function!.{{function.Name}}(input, context){{serialize}}),
                                () => function = new());
                        }

            """;
    }
}
