using AWSSDK.SourceGenerator.Models;

namespace AWSSDK.SourceGenerator.Writers;

internal static class PaginatorsWriter
{
    public static string Write(ServiceModel model)
    {
        var operations = model.Operations.Where(o => o.IsPaginated).ToList();
        var source = new SourceWriter();
        source.Lines($"""
            using System;
            using System.Collections.Generic;
            using System.Runtime.CompilerServices;
            using System.Threading;
            using Amazon.Runtime;

            namespace {model.Namespace}.Model;

            """);
        source.Open($"public interface I{model.Root}PaginatorFactory");
        foreach (var operation in operations)
            source.Line($"I{operation.Name}Paginator {operation.Name}({operation.RequestClass} request);");
        source.Close();
        source.Line();
        source.Open($"internal sealed class {model.Root}PaginatorFactory(I{model.Prefix} client) : I{model.Root}PaginatorFactory");
        foreach (var operation in operations)
            source.Line($"public I{operation.Name}Paginator {operation.Name}({operation.RequestClass} request) => new {operation.Name}Paginator(client, request);");
        source.Close();
        foreach (var operation in operations) WritePaginator(source, model, operation);
        return source.ToString();
    }

    private static void WritePaginator(SourceWriter source, ServiceModel model, Operation operation)
    {
        var name = operation.Name + "Paginator";
        source.Line();
        source.Open($"public interface I{name}");
        source.Line($"IPaginatedEnumerable<{operation.ResponseClass}> Responses {{ get; }}");
        foreach (var result in operation.PagedResults)
            source.Line($"IPaginatedEnumerable<{CSharpTypes.OfElement(result.Shape.Item)}> {result.PropertyName} {{ get; }}");
        source.Close();
        source.Line();
        source.Open($"internal sealed class {name}(I{model.Prefix} client, {operation.RequestClass} request) : IPaginator<{operation.ResponseClass}>, I{name}");
        source.Line("private int used;");
        source.Line();
        source.Line($"public IPaginatedEnumerable<{operation.ResponseClass}> Responses => new PaginatedResponse<{operation.ResponseClass}>(this);");
        foreach (var result in operation.PagedResults)
        {
            var item = CSharpTypes.OfElement(result.Shape.Item);
            source.Lines($"""

                public IPaginatedEnumerable<{item}> {result.PropertyName} =>
                    new PaginatedResultKeyResponse<{operation.ResponseClass}, {item}>(this, page => page.{result.PropertyName} ?? []);
                """);
        }
        source.Lines($$"""

            async IAsyncEnumerable<{{operation.ResponseClass}}> IPaginator<{{operation.ResponseClass}}>.PaginateAsync([EnumeratorCancellation] CancellationToken cancellationToken)
            {
                if (Interlocked.Exchange(ref used, 1) != 0)
                    throw new InvalidOperationException("Paginator has already been consumed and cannot be reused. Please create a new instance.");
                PaginatorUtils.SetUserAgentAdditionOnRequest(request);
                var token = request.{{operation.InputToken}};
                do
                {
                    request.{{operation.InputToken}} = token;
                    var response = await client.{{operation.Name}}Async(request, cancellationToken).ConfigureAwait(false);
                    token = response.{{operation.OutputToken}};
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return response;
                }
                while (!string.IsNullOrEmpty(token));
            }
            """);
        source.Close();
    }
}
