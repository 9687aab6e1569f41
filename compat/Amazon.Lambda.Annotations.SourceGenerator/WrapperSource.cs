using System.Text;

namespace Amazon.Lambda.Annotations.SourceGenerator;

/// <summary>
/// The class between the runtime's loop and a function: its constructor is INIT (services built, the function class and
/// all it needs made), its method one invocation, in a service scope of its own.
/// </summary>
internal static class WrapperSource
{
    public static string Write(FunctionModel function, string? startup)
    {
        var source = new StringBuilder(GeneratedCode.Header);
        if (startup is not null) source.Append("using Microsoft.Extensions.DependencyInjection;\n\n");
        if (function.Namespace.Length > 0) source.Append($"namespace {function.Namespace};\n\n");
        source.Append($"internal sealed class {function.Wrapper}\n{{\n");
        source.Append(startup is null ? WithoutServices(function) : WithServices(function, startup));
        return source.Append("}\n").ToString();
    }

    private static string WithServices(FunctionModel function, string startup)
    {
        var call = Call(function, $"services.GetRequiredService<{function.Type}>()");
        var prefix = (function.Output is null ? "" : "return ") + (function.IsAsync ? "await " : "");
        // A registration of Startup's own comes later and wins. Resolving at once makes the constructors part of INIT.
        return $$"""
                private readonly ServiceProvider provider;

                public {{function.Wrapper}}()
                {
                    var services = new ServiceCollection();
                    services.AddSingleton<{{function.Type}}>();
                    new {{startup}}().ConfigureServices(services);
                    provider = services.BuildServiceProvider();
                    _ = provider.GetRequiredService<{{function.Type}}>();
                }

                public async {{Signature(function)}}
                {
                    await using var scope = provider.CreateAsyncScope();
                    var services = scope.ServiceProvider;
                    {{prefix}}{{call}};
                }

            """;
    }

    private static string WithoutServices(FunctionModel function)
    {
        var call = Call(function, "instance");
        var body = function switch
        {
            { IsAsync: true } => $"return {call};",
            { Output: not null } => $"return {GeneratedCode.Task}.FromResult({call});",
            _ => $"{call}; return {GeneratedCode.Task}.CompletedTask;",
        };
        return $$"""
                private readonly {{function.Type}} instance = new();

                public {{Signature(function)}}
                {
                    {{body}}
                }

            """;
    }

    private static string Signature(FunctionModel function) =>
        $"{GeneratedCode.Task}{(function.Output is null ? "" : $"<{function.Output}>")} {function.Name}"
        + $"({function.Input ?? GeneratedCode.Stream} input, {GeneratedCode.Context} context)";

    private static string Call(FunctionModel function, string target) => $"{target}.{function.Name}({function.Arguments})";
}
