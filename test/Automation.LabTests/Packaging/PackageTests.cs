using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.Json;
using Automation.Lab.Account;
using Automation.Lab.Lambda;
using Automation.Lab.Setup;
using Automation.LabTests.Account;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Packaging;

/// <summary>What <c>sam build</c> would upload: small, whole, with nothing in it that is not needed, and good on a machine without the SDK.</summary>
public sealed class PackageTests(Package package, MotoFixture moto) : IClassFixture<Package>
{
    // A Region of its own: a schedule's run looks at everything in it.
    private const string Region = "ap-northeast-3";

    private const int MaxZipBytes = 15 * 1024 * 1024;

    /// <summary>Everything that goes into production. A new name here is a decision.</summary>
    private static readonly string[] Expected =
    [
        "AWSSDK.CloudWatch.dll", "AWSSDK.Core.dll", "AWSSDK.DynamoDBv2.dll", "AWSSDK.KeyManagementService.dll", "AWSSDK.RDS.dll",
        "AWSSDK.S3.dll", "AWSSDK.SecretsManager.dll", "AWSSDK.SimpleNotificationService.dll",
        "Amazon.Lambda.Annotations.dll", "Amazon.Lambda.CloudWatchEvents.dll", "Amazon.Lambda.Core.dll",
        "Amazon.Lambda.RuntimeSupport.dll", "Amazon.Lambda.Serialization.SystemTextJson.dll",
        "Automation", "Automation.Database.dll", "Automation.deps.json", "Automation.dll", "Automation.runtimeconfig.json",
        "Microsoft.Extensions.DependencyInjection.Abstractions.dll", "Microsoft.Extensions.DependencyInjection.dll",
        "Microsoft.Extensions.Logging.Abstractions.dll", "Npgsql.dll",
    ];

    /// <summary>Of every function an event it gets, and how it answers in an account whose one database has tags that say nothing it knows.</summary>
    private static readonly Dictionary<string, (string Event, string? Decision, string? Reason)> Answers = new()
    {
        ["RelieveConnectionsFunction"] = ("cloudwatch-alarm-stale", "refused", "stale-event"),
        ["RotateSecretFunction"] = ("rotate-secret-by-hand", "refused", "secret-not-found"),
        ["TakeSnapshotsFunction"] = ("eventbridge-schedule-take-snapshots", "refused", "malformed-tag"),
        ["ReconcileSnapshotsFunction"] = ("eventbridge-schedule-reconcile-snapshots", "refused", "malformed-tag"),
        ["TestFailoverFunction"] = ("eventbridge-schedule-test-failover", "refused", "malformed-tag"),
        ["GrowStorageFunction"] = ("storage-by-hand", "refused", "malformed-tag"),
        ["ForecastStorageFunction"] = ("eventbridge-schedule-forecast-storage", "refused", "malformed-tag"),
        ["PrepareDatabaseFunction"] = ("prepare-by-hand", "refused", "no-managed-secret"),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Zip_OfThePackage_IsUnder15Megabytes() => Assert.InRange(new FileInfo(package.Zip).Length, 1, MaxZipBytes - 1);

    [Fact]
    public void Zip_OfThePackage_HoldsWhatProductionNeedsAndSymbols()
    {
        using var zip = ZipFile.OpenRead(package.Zip);

        var names = zip.Entries.Select(entry => entry.FullName).ToList();

        var symbols = names.Where(name => name.EndsWith(".pdb", StringComparison.Ordinal)).ToList();
        Assert.Equal(Expected.Order(StringComparer.Ordinal), names.Except(symbols).Order(StringComparer.Ordinal));
        Assert.Empty(symbols.Select(name => Path.ChangeExtension(name, ".dll")).Except(Expected));
    }

    [Fact]
    public void Files_OfThePackage_DoNotTellWhereTheyWereBuilt()
    {
        // In symbols as UTF-8; a constant in the code would be UTF-16.
        byte[][] paths = [Encoding.UTF8.GetBytes(Repository.Root), Encoding.Unicode.GetBytes(Repository.Root)];

        Assert.All(Directory.EnumerateFiles(package.TaskRoot), file =>
            Assert.All(paths, path => Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf(path))));
    }

    [Fact]
    public void Assemblies_OfThePackage_AreCompiledAheadOfTime() =>
        Assert.All(Directory.EnumerateFiles(package.TaskRoot, "*.dll"), file =>
        {
            using var image = new PEReader(File.OpenRead(file));
            Assert.NotEqual(0, image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
        });

    [Theory]
    [InlineData("Automation.Database.dll", new[] { "amazon-trust-roots.pem", "rds-roots.pem" })]
    [InlineData("Automation.dll", new[] { "sql/bootstrap.sql", "sql/self-test.sql" })]
    public void Resources_OfThePackage_AreInside(string assembly, string[] expected)
    {
        using var image = new PEReader(File.OpenRead(Path.Combine(package.TaskRoot, assembly)));
        var metadata = image.GetMetadataReader();

        var resources = metadata.ManifestResources.Select(handle => metadata.GetString(metadata.GetManifestResource(handle).Name));

        Assert.Equal(expected, resources.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Machine_ThatItIsTriedOn_HasARuntimeAndNoSdk()
    {
        Assert.Equal("", await package.RunAsync("--list-sdks"));
        Assert.StartsWith("Microsoft.NETCore.App ", Assert.Single((await package.RunAsync("--list-runtimes")).Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Functions_OnTheRuntimeAlone_AnswerARealEventEach()
    {
        await using var aws = await AccountOnMoto.DeployAsync(moto, "package", Region, Cancellation, ("PrepareDatabases", "act"));
        await aws.Account.RegisterAsync(new LabDatabase
        {
            Id = "orders",
            Endpoint = new DatabaseEndpoint("localhost", 5432),
            EngineVersion = "17.5",
            Tags = new Dictionary<string, string>
            {
                ["automation:snapshots"] = "sometimes", ["automation:failover-test"] = "sometimes", ["automation:storage"] = "sometimes",
            },
        }, Cancellation);

        var answers = await Task.WhenAll(aws.Account.Template.Functions.Select(async function =>
            (function.LogicalId, Answer: await InvokeAsync(aws, function.LogicalId))));

        Assert.Equal(Answers.OrderBy(expected => expected.Key, StringComparer.Ordinal).Select(expected => (expected.Key, expected.Value.Decision, expected.Value.Reason)),
            answers.OrderBy(answer => answer.LogicalId, StringComparer.Ordinal).Select(answer => Outcome(answer.LogicalId, answer.Answer)));
    }

    private static (string Function, string? Decision, string? Reason) Outcome(string function, InvocationResult answer)
    {
        Assert.True(answer.Succeeded, $"{function}: {answer.ErrorType}: {answer.ErrorMessage}");
        var outcome = Assert.Single(JsonElement.Parse(answer.Payload.Span).GetProperty("outcomes").EnumerateArray());
        return (function, outcome.GetProperty("decision").GetString(), outcome.GetProperty("reason").GetString());
    }

    private async Task<InvocationResult> InvokeAsync(AccountOnMoto aws, string logicalId)
    {
        var template = aws.Account.Template.Function(logicalId);
        await using var function = await FunctionHost.StartAsync(new FunctionDefinition
        {
            Name = template.Name,
            ExecutablePath = Path.Combine(package.TaskRoot, template.Handler),
            RuntimeRoot = package.RuntimeRoot,
            Handler = template.Handler,
            Region = Region,
            Environment = aws.Account.FunctionEnvironment(logicalId),
            // Nobody's role: what the package answers is looked at, and a secret that is not there has no tag that IAM could allow.
            Credentials = new FunctionCredentials("ASIALABFUNCTION00001", "lab/function/secret/not/a/real/one", "lab-session-token"),
            Timeout = template.Timeout,
            MemoryMB = template.MemorySize,
            LogFormat = template.LogFormat,
            // A machine busy with other tests starts a process slowly; how fast it starts is for the benchmarks to say.
            InitTimeout = TimeSpan.FromSeconds(60),
        }, line => TestContext.Current.SendDiagnosticMessage(line), Cancellation);
        var payload = Repository.Read($"events/{Answers[logicalId].Event}.json").Replace("us-east-1", Region, StringComparison.Ordinal);
        return await function.InvokeAsync(Encoding.UTF8.GetBytes(payload), Cancellation);
    }
}
