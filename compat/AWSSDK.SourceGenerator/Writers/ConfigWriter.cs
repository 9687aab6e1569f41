using AWSSDK.SourceGenerator.Models;

namespace AWSSDK.SourceGenerator.Writers;

internal static class ConfigWriter
{
    // ServiceId is what AWS_ENDPOINT_URL and its per-service form are looked up by.
    public static string Write(ServiceModel model)
    {
        var source = new SourceWriter();
        source.Lines($$"""
            using System.Collections.Generic;
            using Amazon.Runtime;
            using Amazon.Runtime.Endpoints;
            using Amazon.Runtime.Internal;
            using Amazon.Util.Internal;
            using AWSSDK.Client;

            namespace {{model.Namespace}}
            {
                public partial class {{model.Prefix}}Config : ClientConfig
                {
                    public {{model.Prefix}}Config()
                        : base(new DefaultConfigurationProvider(DefaultConfigurations.All))
                    {
                        base.ServiceId = "{{model.ServiceId}}";
                        AuthenticationServiceName = "{{model.SigningName}}";
                        EndpointProvider = new RegionalEndpointProvider("{{model.EndpointPrefix}}");
                    }

                    public static new string ServiceId => "{{model.ServiceId}}";

                    public override string RegionEndpointServiceName => "{{model.EndpointPrefix}}";

                    public override string ServiceVersion => "{{model.ApiVersion}}";

                    public override string UserAgent => Internal.{{model.Prefix}}Metadata.UserAgent;

                    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
                        EndpointProvider.ResolveEndpoint(RegionalEndpointResolver.Parameters(this, parameters.AlternateEndpoint));
                }
            }

            namespace {{model.Namespace}}.Internal
            {
                internal sealed class {{model.Prefix}}Metadata : IServiceMetadata
                {
                    internal static readonly string UserAgent = InternalSDKUtils.BuildUserAgentString("{{model.ServiceId}}", "4.0.0");

                    public string ServiceId => "{{model.ServiceId}}";

                    public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();
                }
            }
            """);
        return source.ToString();
    }
}
