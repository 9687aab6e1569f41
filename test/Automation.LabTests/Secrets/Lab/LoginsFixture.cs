using Automation.Lab;
using Automation.Lab.Postgres;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Secrets.Lab;

/// <summary>One instance behind its gate for the tests of applications that log in.</summary>
public sealed class LoginsFixture(PostgresFixture postgres) : IAsyncLifetime
{
    private static int made;
    private LabInstance? instance;

    internal LabInstance Database => instance ?? throw new InvalidOperationException("The fixture has not been started.");

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        instance = await LabInstance.StartAsync(new LabInstanceOptions
        {
            // Each class that has one has its own, in a folder that all share.
            Id = $"logins-{Interlocked.Increment(ref made)}",
            Binaries = await PostgresBinaries.FindOrInstallAsync(null, cancellation),
            Directory = postgres.Directory,
            Authority = postgres.Authority,
            Region = "eu-central-2",
            MaxConnections = 200,
            Credentials = _ => null,
            Time = TimeProvider.System,
        }, cancellation);
    }

    public ValueTask DisposeAsync() => instance?.DisposeAsync() ?? ValueTask.CompletedTask;
}
