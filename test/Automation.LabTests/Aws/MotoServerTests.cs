using Amazon.SimpleNotificationService.Model;
using Automation.Lab.Aws;
using Automation.Lab.Setup;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Aws;

public sealed class MotoServerTests(MotoFixture moto)
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_Twice_IsTwoAccounts()
    {
        await using var other = await StartAsync();
        using var clients = new LabClients(other.Uri, LabClients.Anybody, MotoFixture.Region);

        var topic = await clients.Sns.CreateTopicAsync(new CreateTopicRequest { Name = "only-here" }, cancellation);

        Assert.NotEqual(moto.Server.Uri, other.Uri);
        await Assert.ThrowsAsync<NotFoundException>(() =>
            moto.Clients.Sns.GetTopicAttributesAsync(new GetTopicAttributesRequest { TopicArn = topic.TopicArn }, cancellation));
    }

    [Fact]
    public async Task Reset_AfterCreate_HasForgotten()
    {
        await using var own = await StartAsync();
        using var clients = new LabClients(own.Uri, LabClients.Anybody, MotoFixture.Region);
        var topic = await clients.Sns.CreateTopicAsync(new CreateTopicRequest { Name = "here" }, cancellation);

        await own.ResetAsync(cancellation);

        await Assert.ThrowsAsync<NotFoundException>(() =>
            clients.Sns.GetTopicAttributesAsync(new GetTopicAttributesRequest { TopicArn = topic.TopicArn }, cancellation));
    }

    [Fact]
    public async Task Dispose_Running_StopsAnswering()
    {
        var own = await StartAsync();
        var uri = own.Uri;

        await own.DisposeAsync();

        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(uri, cancellation));
    }

    [Fact]
    public async Task Start_InterpreterWithoutMoto_SaysWhatItSaid()
    {
        var folder = Directory.CreateTempSubdirectory("no-moto-");
        try
        {
            // An interpreter that ends as Python does when the module is not there.
            var script = Path.Combine(folder.FullName, "python");
            await File.WriteAllTextAsync(script, "#!/bin/sh\ncase \"$*\" in *' -p '*) ;; *) exit 0 ;; esac\necho 'No module named moto' >&2\nexit 1\n", cancellation);
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            var python = await PythonEnvironment.PrepareAsync([], script, Path.Combine(folder.FullName, "unused"), _ => { }, cancellation);

            var error = await Assert.ThrowsAsync<InvalidOperationException>(() => MotoServer.StartAsync(python, cancellation));

            Assert.Contains("No module named moto", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<MotoServer> StartAsync() =>
        await MotoServer.StartAsync(await PythonEnvironment.PrepareAsync([PythonModule.Moto], _ => { }, cancellation), cancellation);
}
