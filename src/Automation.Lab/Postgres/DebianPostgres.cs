using Automation.Lab.Setup;

namespace Automation.Lab.Postgres;

/// <summary>
/// Debian's server package. Installed plainly it makes a cluster "main" and starts it; the lab wants only the programs, so
/// that is turned off for the time of the installation and the machine keeps its defaults afterwards.
/// </summary>
internal static class DebianPostgres
{
    // createcluster.conf reads this folder (postgresql-common 2xx); a file of ours disturbs no other.
    private const string DropInFolder = "/etc/postgresql-common/createcluster.d";
    private const string DropIn = DropInFolder + "/zz-rds-automation-lab.conf";

    /// <exception cref="InvalidOperationException">It may not or cannot be installed: says what to run.</exception>
    public static async Task InstallAsync(Action<string>? progress, CancellationToken cancellation)
    {
        await AptPackages.RequireAsync(["postgresql"], cancellation);
        // It brings createcluster.conf and makes no cluster itself.
        await AptPackages.InstallAsync(["postgresql-common"], progress, cancellation);
        const string Write = $"mkdir -p {DropInFolder} && echo 'create_main_cluster = false' > {DropIn}";
        await AptPackages.RunAsync(["sh", "-c", Write], cancellation);
        try
        {
            await AptPackages.InstallAsync(["postgresql"], progress, cancellation);
        }
        finally
        {
            await AptPackages.RunAsync(["rm", "-f", DropIn], CancellationToken.None);
        }
    }
}
