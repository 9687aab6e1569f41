using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Automation.Lab;
using Automation.Lab.Incidents;
using Npgsql;

namespace Automation.LabTests.Story;

/// <summary>The lab as a person runs it: what it says, how it ends, and what it leaves behind.</summary>
public sealed partial class StoryRunTests
{
    /// <summary>More moments than CI has time for, over the whole story instead of one incident: <c>RDS_AUTOMATION_LAB_INTERRUPTIONS=10</c>.</summary>
    private const string MomentsVariable = "RDS_AUTOMATION_LAB_INTERRUPTIONS";

    private const int FewMoments = 1, Seed = 8;

    // About as many as it writes before its last step.
    private const int LinesOfOneIncident = 70, LinesOfTheDay = 330;

    private static readonly string[] Steps =
        ["1 What happened", "2 What the automation saw", "3 What it decided, and why", "4 What the person on call received", "5 Proof, from PostgreSQL itself"];

    public static TheoryData<int> Moments => [.. Enumerable.Range(0, Wanted ?? FewMoments)];

    private static int? Wanted => int.TryParse(Environment.GetEnvironmentVariable(MomentsVariable), CultureInfo.InvariantCulture, out var count) ? count : null;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // For which the CI has no time: `Automation.LabTests -explicit only -class "*.StoryRunTests"`. That Ctrl-C ends everything is seen
    // there by the test of --keep.
    [Theory(Explicit = true), MemberData(nameof(Moments))]
    public async Task Interrupted_AtARandomMoment_EndsWith130AndLeavesNothing(int moment)
    {
        var random = new Random(Seed + moment);
        var (arguments, lines) = Wanted is null ? (new[] { "--only", Incident.Connections }, LinesOfOneIncident) : ([], LinesOfTheDay);
        await using var lab = LabProcess.Start(arguments);
        await lab.WroteAsync(random.Next(lines), Cancellation);
        // Between two lines, too: what is underway then is what matters.
        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1500)), TimeProvider.System, Cancellation);
        var before = LabFootprint.Of(lab.Identity);

        lab.Interrupt();
        var code = await lab.EndedAsync(Cancellation);

        TestContext.Current.SendDiagnosticMessage($"moment {moment}: after {lab.Output.Entries.Count} lines, {before.Processes.Count} processes, {before.Listening.Count} ports");
        Assert.True(code == LabExit.Interrupted, $"ended with {code}:\n{lab.Text}");
        AssertNothingIsLeft(lab, before);
    }

    [Fact]
    public async Task Interrupted_Twice_EndsAtOnceAndLeavesNothing()
    {
        await using var lab = LabProcess.Start("--only", Incident.Connections);
        await lab.Output.FirstAsync(line => line.Contains("starting PostgreSQL", StringComparison.Ordinal), Cancellation);
        var before = LabFootprint.Of(lab.Identity);
        Assert.True(before.Processes.Count > 0 && before.Folders.Count == 1, before.ToString());

        lab.InterruptTwice();

        var code = await lab.EndedAsync(Cancellation);
        Assert.True(code == LabExit.Interrupted, $"ended with {code}:\n{lab.Text}");
        AssertNothingIsLeft(lab, before);
    }

    [Fact]
    public async Task Interrupted_WithAReport_ItSaysSo()
    {
        var report = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(report, "the page of an earlier run", Cancellation);
            await using var lab = LabProcess.Start("--only", Incident.Connections, "--report", report);
            await lab.Output.FirstAsync(line => line.Contains("looking for PostgreSQL", StringComparison.Ordinal), Cancellation);

            lab.Interrupt();

            Assert.Equal(LabExit.Interrupted, await lab.EndedAsync(Cancellation));
            Assert.Contains("The run was broken off: it was interrupted.", await File.ReadAllTextAsync(report, Cancellation), StringComparison.Ordinal);
            Assert.Contains("interrupted; everything that was started has been stopped", lab.Text, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(report);
        }
    }

    [Fact]
    public async Task Keep_AnIncidentIsTold_StaysAsItSaysUntilCtrlCAndLeavesNothing()
    {
        await using var lab = LabProcess.Start("--only", Incident.Rotation, "--keep", "--seed", "3");
        var invoke = await lab.Output.FirstAsync(line => line.StartsWith("aws lambda invoke", StringComparison.Ordinal), Cancellation);
        var before = LabFootprint.Of(lab.Identity);
        Assert.True(before.Processes.Count > 2 && before.Listening.Count > 2 && before.Folders.Count == 1, before.ToString());

        var told = lab.Output.Entries;
        Assert.Contains("seed 3", lab.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("FAILED", lab.Text, StringComparison.Ordinal);
        Assert.Equal(Steps, told.Select(line => line.Trim()).Where(Steps.Contains));
        await AssertPsqlLineLogsInAsync(told.Single(line => line.StartsWith("PGPASSFILE=", StringComparison.Ordinal)));
        await AssertInvokeLineIsAnsweredAsync(told.Single(line => line.StartsWith("export AWS_ENDPOINT_URL=", StringComparison.Ordinal)), invoke);

        lab.Interrupt();

        Assert.Equal(LabExit.Succeeded, await lab.EndedAsync(Cancellation));
        AssertNothingIsLeft(lab, before);
    }

    [Fact]
    public async Task Observe_AnIncident_ChangesNothingAndEndsWell()
    {
        await using var lab = LabProcess.Start("--only", Incident.Rotation, "--observe");

        Assert.True(await lab.EndedAsync(Cancellation) == LabExit.Succeeded, lab.Text);
        Assert.Contains("no function asked AWS to change anything", lab.Text, StringComparison.Ordinal);
        Assert.Contains("observe-mode", lab.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LabExit.Succeeded, "usage: dotnet run", "--help")]
    [InlineData(LabExit.SetupFailed, "--only knows no 'weather', but snapshots, rotation, failover, connections, storage", "--only", "weather")]
    public async Task Start_NothingToTell_SaysSoAndEnds(int expected, string words, params string[] arguments)
    {
        var (code, text) = await LabProcess.RunAsync(arguments, Cancellation);

        Assert.Equal(expected, code);
        Assert.Contains(words, text, StringComparison.Ordinal);
    }

    private static void AssertNothingIsLeft(LabProcess lab, LabFootprint before)
    {
        var after = LabFootprint.Of(lab.Identity);
        Assert.Empty(after.Processes);
        Assert.Empty(after.Folders);
        Assert.Empty(LabFootprint.StillListening(before.Listening));
    }

    private static async Task AssertPsqlLineLogsInAsync(string line)
    {
        var parts = PsqlLine().Match(line);
        Assert.True(parts.Success, line);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = "localhost",
            Port = int.Parse(parts.Groups["port"].Value, CultureInfo.InvariantCulture),
            Username = parts.Groups["user"].Value,
            Database = "postgres",
            Passfile = parts.Groups["file"].Value,
            SslMode = SslMode.VerifyFull,
            RootCertificate = parts.Groups["root"].Value,
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync(Cancellation);
    }

    /// <summary>The request that the AWS CLI makes of the printed line.</summary>
    private static async Task AssertInvokeLineIsAnsweredAsync(string export, string invoke)
    {
        var endpoint = Word("AWS_ENDPOINT_URL=", export);
        var payload = invoke.Split('\'')[1];
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{endpoint}2015-03-31/functions/{Word("--function-name ", invoke)}/invocations");
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(payload));
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "AWS4-HMAC-SHA256", $"Credential={Word("AWS_ACCESS_KEY_ID=", export)}/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0");

        using var response = await http.SendAsync(request, Cancellation);

        var answer = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode && !response.Headers.Contains("X-Amz-Function-Error"), answer);
        Assert.Contains("\"outcomes\"", answer, StringComparison.Ordinal);
    }

    private static string Word(string after, string line) => line[(line.IndexOf(after, StringComparison.Ordinal) + after.Length)..].Split(' ')[0];

    [GeneratedRegex("^PGPASSFILE=(?<file>\\S+) psql 'host=localhost port=(?<port>\\d+) user=(?<user>\\S+) dbname=postgres sslmode=verify-full sslrootcert=(?<root>[^']+)'$")]
    private static partial Regex PsqlLine();
}
