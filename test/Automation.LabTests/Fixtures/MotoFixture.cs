using Automation.Lab.Aws;
using Automation.Lab.Setup;
using Automation.LabTests.Fixtures;

[assembly: AssemblyFixture(typeof(MotoFixture))]

namespace Automation.LabTests.Fixtures;

/// <summary>
/// One moto for every test of the assembly. Tests run beside each other: each uses names of its own, and none resets.
/// </summary>
public sealed class MotoFixture : IAsyncLifetime
{
    private MotoServer? server;
    private LabClients? clients;

    internal const string Region = "eu-central-1";

    internal MotoServer Server => server ?? throw new InvalidOperationException("moto has not started.");

    internal LabClients Clients => clients ?? throw new InvalidOperationException("moto has not started.");

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var python = await PythonEnvironment.PrepareAsync(
            [PythonModule.Moto], text => TestContext.Current.SendDiagnosticMessage(text), cancellation);
        server = await MotoServer.StartAsync(python, cancellation);
        clients = new LabClients(server.Uri, LabClients.Anybody, Region);
    }

    public async ValueTask DisposeAsync()
    {
        clients?.Dispose();
        if (server is not null) await server.DisposeAsync();
    }
}
