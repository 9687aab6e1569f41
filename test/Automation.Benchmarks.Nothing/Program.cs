using System.Text.Json;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;
using Automation.Benchmarks.Nothing;

using var bootstrap = LambdaBootstrapBuilder
    .Create<JsonElement, JsonElement>(
        (input, _) => Task.FromResult(input), new SourceGeneratorLambdaJsonSerializer<NothingJson>())
    .Build();
await bootstrap.RunAsync();
