using Amazon.Runtime;
using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Lab.Setup;
using Automation.Lab.Template;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Account;

/// <summary>An account of one test, in a Region and stack of its own so that tests share a moto.</summary>
internal sealed class AccountOnMoto : IAsyncDisposable
{
    private AccountOnMoto(LabAccount account, TemplateInputs inputs)
    {
        Account = account;
        Inputs = inputs;
        Application = new LabClients(account.Endpoint.Uri, LabClients.Anybody, inputs.Region);
    }

    public LabAccount Account { get; }

    public TemplateInputs Inputs { get; }

    /// <summary>Clients as a function has them: through the lab's endpoint.</summary>
    public LabClients Application { get; }

    /// <summary>How AWS time passes: an alarm's minute lasts a second.</summary>
    public static LabClock Clock { get; } = new(TimeProvider.System, 60);

    public static Task<AccountOnMoto> StartAsync(MotoFixture moto, string stack, string region, CancellationToken cancellation) =>
        StartAsync(moto, stack, region, Clock, cancellation);

    public static async Task<AccountOnMoto> StartAsync(MotoFixture moto, string stack, string region, LabClock clock, CancellationToken cancellation)
    {
        var inputs = new TemplateInputs { Region = region, StackName = stack, Parameters = new Dictionary<string, string> { ["Database"] = $"{stack}-db" } };
        var account = await LabAccount.StartAsync(
            new LabAccountOptions { Moto = moto.Server.Uri, Template = AccountTemplate.Yaml, Inputs = inputs, Clock = clock }, cancellation);
        return new AccountOnMoto(account, inputs);
    }

    /// <summary>With the stack of <c>template.yaml</c> in it; a minute of AWS's retries lasts 60 ms.</summary>
    public static Task<AccountOnMoto> DeployAsync(
        MotoFixture moto, string stack, string region, CancellationToken cancellation, params (string Name, string Value)[] parameters) =>
        DeployAsync(moto, stack, region, new LabClock(TimeProvider.System, 1000), cancellation, parameters);

    /// <summary>With the stack of <c>template.yaml</c> in it, and what its roles may do.</summary>
    public static async Task<AccountOnMoto> DeployAsync(
        MotoFixture moto, string stack, string region, LabClock clock, CancellationToken cancellation, params (string Name, string Value)[] parameters)
    {
        var inputs = new TemplateInputs { Region = region, StackName = stack, Parameters = parameters.ToDictionary(one => one.Name, one => one.Value) };
        var account = await LabAccount.StartAsync(
            new LabAccountOptions
            {
                Moto = moto.Server.Uri,
                Template = Repository.Read("template.yaml"),
                Inputs = inputs,
                Clock = clock,
            },
            cancellation);
        return new AccountOnMoto(account, inputs);
    }

    /// <summary>A machine that runs tests is busy: who is not about an answer that never comes waits this long for one.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Settings of a client that does not retry, so that one call is one request.</summary>
    public T Once<T>(T config) where T : ClientConfig
    {
        config.ServiceURL = Account.Endpoint.Uri.AbsoluteUri;
        config.AuthenticationRegion = Inputs.Region;
        config.MaxErrorRetry = 0;
        config.Timeout = Patience;
        return config;
    }

    /// <summary>
    /// Settings of a function's client: it retries as when it is deployed, and waits less than the application's own limits on the
    /// calls that matter (<c>FailoverCall</c>, <c>VolumeGrowth</c>).
    /// </summary>
    public T OfFunction<T>(T config) where T : ClientConfig
    {
        Once(config);
        config.MaxErrorRetry = Startup.AwsRetries;
        config.Timeout = TimeSpan.FromSeconds(10);
        return config;
    }

    public async ValueTask DisposeAsync()
    {
        Application.Dispose();
        await Account.DisposeAsync();
    }
}
