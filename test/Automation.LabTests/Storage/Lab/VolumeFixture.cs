using System.Diagnostics;
using System.Globalization;
using Automation.Lab;
using Automation.Lab.Postgres;
using Automation.Lab.Storage;
using Automation.LabTests.Postgres;

namespace Automation.LabTests.Storage.Lab;

/// <summary>Instances with a volume, as these tests need them.</summary>
internal static class VolumeFixture
{
    public const string Region = "ap-southeast-6";

    public static async Task<LabInstance> StartInstanceAsync(
        this PostgresFixture postgres, string id, LabVolumeOptions? volume, int? major = null, bool logical = false)
    {
        var cancellation = TestContext.Current.CancellationToken;
        return await LabInstance.StartAsync(new LabInstanceOptions
        {
            Id = id,
            Binaries = major is { } wanted
                ? await PostgresBinaries.ForMajorAsync(wanted, null, cancellation)
                : await PostgresBinaries.FindOrInstallAsync(null, cancellation),
            Directory = postgres.Directory,
            Authority = postgres.Authority,
            Region = Region,
            Credentials = _ => null,
            Volume = volume,
            LogicalReplication = logical,
            Time = TimeProvider.System,
        }, cancellation);
    }

    /// <summary>What the folder takes on the disk, whatever its files say they are.</summary>
    public static async Task<long> OnDiskAsync(string folder)
    {
        using var du = Process.Start(new ProcessStartInfo("du", ["-s", "--block-size=1", folder]) { RedirectStandardOutput = true })!;
        var line = await du.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await du.WaitForExitAsync(TestContext.Current.CancellationToken);
        return long.Parse(line.Split('\t')[0], CultureInfo.InvariantCulture);
    }
}
