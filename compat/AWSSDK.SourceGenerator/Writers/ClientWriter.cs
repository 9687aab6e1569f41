using AWSSDK.SourceGenerator.Models;

namespace AWSSDK.SourceGenerator.Writers;

internal static class ClientWriter
{
    public static string Write(ServiceModel model)
    {
        var source = new SourceWriter();
        source.Lines($"""
            using System;
            using System.Threading;
            using System.Threading.Tasks;
            using Amazon.Runtime;
            using Amazon.Runtime.Endpoints;
            using Amazon.Runtime.Internal;
            using AWSSDK.Client;
            using {model.Namespace}.Internal;
            using {model.Namespace}.Model;
            using {model.Namespace}.Model.Internal.MarshallTransformations;

            namespace {model.Namespace};

            """);
        WriteInterface(source, model);
        source.Line();
        WriteClass(source, model);
        return source.ToString();
    }

    private static void WriteInterface(SourceWriter source, ServiceModel model)
    {
        source.Open($"public partial interface I{model.Prefix} : IAmazonService, IDisposable");
        source.Line($"I{model.Root}PaginatorFactory Paginators {{ get; }}");
        source.Line();
        foreach (var operation in model.Operations)
            source.Line($"Task<{operation.ResponseClass}> {operation.Name}Async({operation.RequestClass} request, CancellationToken cancellationToken = default);");
        source.Lines($"""

            Amazon.Runtime.Endpoints.Endpoint DetermineServiceOperationEndpoint(AmazonWebServiceRequest request);

            static ClientConfig IAmazonService.CreateDefaultClientConfig() => new {model.Prefix}Config();

            static IAmazonService IAmazonService.CreateDefaultServiceClient(AWSCredentials awsCredentials, ClientConfig clientConfig) =>
                awsCredentials == null
                    ? new {model.Prefix}Client(({model.Prefix}Config)clientConfig)
                    : new {model.Prefix}Client(awsCredentials, ({model.Prefix}Config)clientConfig);
            """);
        source.Close();
    }

    private static void WriteClass(SourceWriter source, ServiceModel model)
    {
        var client = model.Prefix + "Client";
        var config = model.Prefix + "Config";
        source.Open($"public partial class {client} : AmazonServiceClient, I{model.Prefix}");
        source.Lines($$"""
            private static readonly IServiceMetadata serviceMetadata = new {{model.Prefix}}Metadata();

            private I{{model.Root}}PaginatorFactory paginators;

            public {{client}}() : base(new {{config}}()) { }

            public {{client}}(RegionEndpoint region) : base(new {{config}} { RegionEndpoint = region }) { }

            public {{client}}({{config}} config) : base(config) { }

            public {{client}}(AWSCredentials credentials) : this(credentials, new {{config}}()) { }

            public {{client}}(AWSCredentials credentials, RegionEndpoint region) : this(credentials, new {{config}} { RegionEndpoint = region }) { }

            public {{client}}(AWSCredentials credentials, {{config}} clientConfig) : base(credentials, clientConfig) { }

            public {{client}}(string awsAccessKeyId, string awsSecretAccessKey) : this(awsAccessKeyId, awsSecretAccessKey, new {{config}}()) { }

            public {{client}}(string awsAccessKeyId, string awsSecretAccessKey, RegionEndpoint region)
                : this(awsAccessKeyId, awsSecretAccessKey, new {{config}} { RegionEndpoint = region }) { }

            public {{client}}(string awsAccessKeyId, string awsSecretAccessKey, {{config}} clientConfig)
                : base(awsAccessKeyId, awsSecretAccessKey, clientConfig) { }

            public {{client}}(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken)
                : this(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, new {{config}}()) { }

            public {{client}}(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken, RegionEndpoint region)
                : this(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, new {{config}} { RegionEndpoint = region }) { }

            public {{client}}(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken, {{config}} clientConfig)
                : base(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, clientConfig) { }

            public I{{model.Root}}PaginatorFactory Paginators => paginators ??= new {{model.Root}}PaginatorFactory(this);

            protected override IServiceMetadata ServiceMetadata => serviceMetadata;

            protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
            {
                pipeline.RemoveHandler<EndpointResolver>();
                pipeline.AddHandlerAfter<Marshaller>(new RegionalEndpointResolver());
                pipeline.AddHandlerAfter<Marshaller>(new SigV4AuthHandler());
                CustomizePipeline(pipeline);
            }

            static partial void CustomizePipeline(RuntimePipeline pipeline);

            public Amazon.Runtime.Endpoints.Endpoint DetermineServiceOperationEndpoint(AmazonWebServiceRequest request) =>
                ((ClientConfig)Config).DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(request));
            """);
        foreach (var operation in model.Operations)
        {
            source.Lines($"""

                public virtual Task<{operation.ResponseClass}> {operation.Name}Async({operation.RequestClass} request, CancellationToken cancellationToken = default) =>
                    InvokeAsync<{operation.ResponseClass}>(request, new InvokeOptions
                    {"{"}
                        RequestMarshaller = {operation.RequestClass}Marshaller.Instance,
                        ResponseUnmarshaller = {operation.ResponseClass}Unmarshaller.Instance,
                    {"}"}, cancellationToken);
                """);
        }
        source.Close();
    }
}
