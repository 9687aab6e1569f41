using System.Globalization;
using Automation.Lab.Aws;
using Automation.Lab.Screen;

namespace Automation.Lab;

/// <summary>A lab that stays when its story is told, for people to look around in.</summary>
internal static class KeptLab
{
    private const string Example = "ReconcileSnapshotsFunction";

    /// <summary>Prints how to reach it, and returns when Ctrl-C was pressed.</summary>
    public static async Task WaitAsync(LocalLab lab, ConsoleStory screen, CancellationToken interrupted)
    {
        screen.Chapter("The lab stays until Ctrl-C");
        foreach (var line in await LinesAsync(lab, interrupted)) screen.Verbatim(line);
        await Task.Delay(Timeout.InfiniteTimeSpan, interrupted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        screen.Line("ending it");
    }

    /// <summary>Commands to paste into another shell.</summary>
    internal static async Task<IReadOnlyList<string>> LinesAsync(LocalLab lab, CancellationToken cancellation)
    {
        var keys = await LabClients.Anybody.GetCredentialsAsync();
        var passwords = lab.Directory.Combine("pgpass");
        LabInstance[] databases = lab.Filling is { } filling ? [lab.Database, filling] : [lab.Database];
        // psql takes no password file that others may read, and they shall not for a moment.
        await using (var file = new StreamWriter(passwords, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            foreach (var database in databases)
                await file.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"localhost:{database.Gate.Port}:*:{database.Server.MasterUser}:{database.Server.MasterPassword}\n").AsMemory(), cancellation);
        }
        return
        [
            "",
            "# the AWS API, with the AWS CLI (version 1 looks for rds elsewhere unless told twice); anybody may do everything here",
            $"export AWS_ENDPOINT_URL={lab.Account.Endpoint.Uri.AbsoluteUri} AWS_DEFAULT_REGION={lab.Region} AWS_ACCESS_KEY_ID={keys.AccessKey} AWS_SECRET_ACCESS_KEY={keys.SecretKey}",
            "aws rds describe-db-instances --endpoint-url $AWS_ENDPOINT_URL --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceStatus,Endpoint.Port]' --output table",
            "",
            "# PostgreSQL, as the master user",
            .. databases.Select(database => string.Create(CultureInfo.InvariantCulture,
                $"PGPASSFILE={passwords} psql 'host=localhost port={database.Gate.Port} user={database.Server.MasterUser} dbname=postgres sslmode=verify-full sslrootcert={database.Server.CaBundlePath}'")),
            "",
            "# a function, by hand; the names are those of template.yaml",
            $"aws lambda invoke --function-name {lab.Account.Template.Function(Example).Name} --cli-binary-format raw-in-base64-out "
                + $"--payload '{{\"detail\":{{\"database\":\"{lab.Database.Id}\",\"mode\":\"observe\"}}}}' /dev/stdout",
            "",
        ];
    }
}
