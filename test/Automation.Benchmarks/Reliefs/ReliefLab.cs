using System.Globalization;
using Amazon.DynamoDBv2.Model;
using Automation.Lab;
using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Lab.Gate;
using Automation.Lab.Lambda;
using Automation.Lab.Postgres;
using Automation.Lab.Setup;
using Automation.Lab.Template;
using Automation.Lab.Tls;

namespace Automation.Benchmarks.Reliefs;

/// <summary>The lab's account with one database of a given size and the published functions, without alarms.</summary>
internal sealed class ReliefLab : IAsyncDisposable
{
    public const string Function = "RelieveConnectionsFunction";

    private const string DatabaseId = "orders";

    // Kept by the server: 3 for superusers, 2 for rds_superuser, and the lab's own session, as RDS has one.
    private const int OtherSlots = 6;

    private static readonly FunctionCredentials Credentials = new("ASIALABFUNCTION00001", "lab/function/secret/not/a/real/one", "lab-session-token");
    private readonly Stack<IAsyncDisposable> owned = new();
    private readonly LabDirectory directory = LabDirectory.Create();
    private LabClients clients = null!;
    private TemplateInputs inputs = new();

    private ReliefLab()
    {
    }

    public LabInstance Database { get; private set; } = null!;

    public LabAccount Account { get; private set; } = null!;

    public static async Task<ReliefLab> StartAsync(int sessions, Action<string> report, CancellationToken cancellation)
    {
        var lab = new ReliefLab();
        try
        {
            await lab.BuildAsync(sessions, report, cancellation);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>The functions, with no process running yet.</summary>
    public Task<FunctionFleet> DeployAsync(string executable, CancellationToken cancellation) => FunctionFleet.StartAsync(
        Account, executable, inputs, _ => Credentials, new Dictionary<string, string>(), cancellation);

    /// <summary>Forgets what was done: a database is relieved only so often within an hour.</summary>
    public async Task EmptyLedgerAsync(CancellationToken cancellation)
    {
        var table = Account.FunctionEnvironment(Function)["LEDGER_TABLE_NAME"];
        var scan = await clients.DynamoDB.ScanAsync(new ScanRequest { TableName = table, ConsistentRead = true }, cancellation);
        foreach (var item in scan.Items)
        {
            var key = new Dictionary<string, AttributeValue> { ["pk"] = item["pk"], ["sk"] = item["sk"] };
            await clients.DynamoDB.DeleteItemAsync(new DeleteItemRequest { TableName = table, Key = key }, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (owned.TryPop(out var part)) await part.DisposeAsync();
        clients?.Dispose();
        directory.Dispose();
    }

    private async Task BuildAsync(int sessions, Action<string> report, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var binaries = await PostgresBinaries.FindOrInstallAsync(report, cancellation);
        var moto = Own(await MotoServer.StartAsync(await PythonEnvironment.PrepareAsync([PythonModule.Moto], report, cancellation), cancellation));
        clients = new LabClients(moto.Uri, LabClients.Anybody, inputs.Region);

        var authority = LabCertificateAuthority.Create(directory, time);
        Database = Own(await LabInstance.StartAsync(new LabInstanceOptions
        {
            Id = DatabaseId,
            Binaries = binaries,
            Directory = directory,
            Authority = authority,
            Region = inputs.Region,
            MaxConnections = sessions + OtherSlots,
            Tags = new Dictionary<string, string>
            {
                ["automation:connections"] = string.Create(CultureInfo.InvariantCulture, $"act idle-in-transaction={IdleSessions.LimitSeconds}s"),
            },
            Credentials = key => key == Credentials.AccessKeyId
                ? new GateCredential
                {
                    SecretAccessKey = Credentials.SecretAccessKey,
                    SessionToken = Credentials.SessionToken,
                    ConnectAs = new HashSet<string> { LabInstance.AutomationUser },
                }
                : null,
            Time = time,
        }, cancellation));

        inputs = inputs with
        {
            Parameters = new Dictionary<string, string>
            {
                ["Mode"] = "act",
                ["CaBundlePath"] = authority.BundlePath,
                ["DatabaseUser"] = LabInstance.AutomationUser,
                ["ConnectionsAlarmDatabase"] = DatabaseId,
            },
        };
        Account = Own(await LabAccount.StartAsync(new LabAccountOptions
        {
            Moto = moto.Uri,
            Template = Repository.Read("template.yaml"),
            Inputs = inputs,
            Clock = new LabClock(time, Compression: 1),
        }, cancellation));
        await Account.RegisterAsync(Database.Registration, cancellation);
    }

    private T Own<T>(T part)
        where T : IAsyncDisposable
    {
        owned.Push(part);
        return part;
    }
}
