using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Lab.Lambda;
using Automation.Lab.Screen;
using Automation.Lab.Setup;
using Automation.Lab.Template;

namespace Automation.Benchmarks.Scale;

/// <summary>An account with the stack of <c>template.yaml</c> that acts, and as many databases as wanted.</summary>
internal sealed class ScaleAccount : IAsyncDisposable
{
    private const string Region = "eu-central-1";

    private static readonly TemplateInputs Inputs = new()
    {
        Region = Region,
        Parameters = new Dictionary<string, string> { ["Mode"] = "act", ["PrepareDatabases"] = "observe" },
    };

    private readonly MotoServer moto;

    private ScaleAccount(MotoServer moto, LabAccount account, LargeFleet fleet)
    {
        (this.moto, Account, Fleet) = (moto, account, fleet);
        Clients = new LabClients(account.Endpoint.Uri, LabClients.Anybody, Region);
    }

    public LabAccount Account { get; }

    public LargeFleet Fleet { get; }

    /// <summary>For whoever asks without our functions.</summary>
    public LabClients Clients { get; }

    public static async Task<ScaleAccount> StartAsync(IStory story, CancellationToken cancellation)
    {
        var python = await PythonEnvironment.PrepareAsync([PythonModule.Moto], story.Line, cancellation);
        var moto = await MotoServer.StartAsync(python, cancellation);
        try
        {
            var account = await LabAccount.StartAsync(new LabAccountOptions
            {
                Moto = moto.Uri, Template = Repository.Read("template.yaml"), Inputs = Inputs, Clock = new LabClock(TimeProvider.System, 1),
            }, cancellation);
            return new ScaleAccount(moto, account, await LargeFleet.CreateAsync(account, Region, cancellation));
        }
        catch
        {
            await moto.DisposeAsync();
            throw;
        }
    }

    /// <summary>The functions, with no process running yet.</summary>
    public Task<FunctionFleet> DeployAsync(string executable, CancellationToken cancellation)
    {
        var role = new FunctionCredentials("ASIALABFUNCTION00001", "lab/function/secret/not/a/real/one", "lab-session-token");
        return FunctionFleet.StartAsync(Account, executable, Inputs, _ => role, new Dictionary<string, string>(), cancellation);
    }

    /// <summary>A file of <c>events/</c>, as it would come here.</summary>
    public static byte[] Event(string name) =>
        System.Text.Encoding.UTF8.GetBytes(Repository.Read($"events/{name}.json").Replace("us-east-1", Region, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        Clients.Dispose();
        await Account.DisposeAsync();
        await moto.DisposeAsync();
    }
}
