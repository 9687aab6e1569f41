using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Amazon.SecretsManager;
using Amazon.SecretsManager.Model;
using Automation.Lab.Account;
using Automation.Lab.Aws;
using Automation.Lab.Secrets;
using Automation.Lab.Template;
using Automation.LabTests.Account;
using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Secrets.Lab;

/// <summary>A rotation in an account made of a template: the function, its permission, and who hears of a failure.</summary>
public sealed class AccountRotationTests(MotoFixture moto)
{
    private const string Token = "account-rotation-----------------";

    private const string Template = """
        Resources:
          Rotate:
            Type: AWS::Serverless::Function
            Properties: { Handler: Automation }
          RotatePermission:
            Type: AWS::Lambda::Permission
            Properties:
              FunctionName: !Ref Rotate
              Action: lambda:InvokeFunction
              Principal: secretsmanager.amazonaws.com
              SourceAccount: !Ref AWS::AccountId
          Tell:
            Type: AWS::Serverless::Function
            Properties:
              Handler: Automation
              Events:
                Trouble:
                  Type: EventBridgeRule
                  Properties:
                    Pattern:
                      source: [aws.secretsmanager]
                      detail-type: [AWS Service Event via CloudTrail]
                      detail: { eventSource: [secretsmanager.amazonaws.com], eventName: [RotationFailed, RotationAbandoned] }
        """;

    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rotate_FunctionOfTheTemplate_IsInvokedAndItsFailureReachesTheRule()
    {
        await using var account = await StartAsync(Template);
        var functions = new Functions();
        account.Connect(functions);
        using var clients = Clients(account);
        var arn = await CreateSecretAsync(clients);

        await RotateAsync(account, clients, arn);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        var run = await account.Rotations.Runs.FirstAsync(r => r.SecretArn == arn, deadline.Token);
        await account.Bus.IdleAsync(deadline.Token);

        Assert.Equal((RotationOutcome.Failed, 2), (run.Outcome, run.Attempts));
        Assert.Equal(["Rotate", "Rotate", "Tell"], functions.Invoked.Select(i => i.Function));
        Assert.Equal(arn, functions.Invoked.Last().Event.GetProperty("detail").GetProperty("additionalEventData").GetProperty("SecretId").GetString());
    }

    [Theory]
    [InlineData("Principal: secretsmanager.amazonaws.com", "Principal: events.amazonaws.com")]
    [InlineData("SourceAccount: !Ref AWS::AccountId", "SourceAccount: \"210987654321\"")]
    [InlineData("SourceAccount: !Ref AWS::AccountId", "SourceArn: arn:aws:secretsmanager:*:*:secret:another-*")]
    [InlineData("FunctionName: !Ref Rotate", "FunctionName: !Ref Tell")]
    public async Task Rotate_PermissionOfSomethingElse_IsDenied(string line, string other)
    {
        await using var account = await StartAsync(Template.Replace(line, other, StringComparison.Ordinal));
        account.Connect(new Functions());
        using var clients = Clients(account);
        var arn = await CreateSecretAsync(clients);

        var denied = await Assert.ThrowsAnyAsync<AmazonSecretsManagerException>(() => RotateAsync(account, clients, arn));

        Assert.Equal("AccessDeniedException", denied.ErrorCode);
    }

    private static readonly TemplateInputs Inputs = new() { Region = "eu-south-1", StackName = "rotating" };

    private static LabClients Clients(LabAccount account) =>
        new(account.Endpoint.Uri, LabClients.Anybody, Inputs.Region);

    private Task<LabAccount> StartAsync(string template) => LabAccount.StartAsync(new LabAccountOptions
    {
        Moto = moto.Server.Uri,
        Template = template,
        Inputs = Inputs,
        Clock = AccountOnMoto.Clock,
        RotationAttempts = 2,
        RotationPause = TimeSpan.FromSeconds(1),
    }, cancellation);

    private async Task<string> CreateSecretAsync(LabClients clients) => (await clients.SecretsManager.CreateSecretAsync(
        new CreateSecretRequest { Name = $"rotating-{Guid.NewGuid():N}", SecretString = "old" }, cancellation)).ARN;

    private Task<RotateSecretResponse> RotateAsync(LabAccount account, LabClients clients, string arn) => clients.SecretsManager.RotateSecretAsync(
        new RotateSecretRequest { SecretId = arn, ClientRequestToken = Token, RotationLambdaARN = account.Template.Function("Rotate").Arn }, cancellation);

    private sealed class Functions : IFunctionInvoker
    {
        public ConcurrentQueue<(string Function, JsonElement Event)> Invoked { get; } = [];

        public Task<FunctionAnswer> InvokeAsync(string functionLogicalId, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
        {
            Invoked.Enqueue((functionLogicalId, JsonElement.Parse(Encoding.UTF8.GetString(payload.Span))));
            return Task.FromResult(new FunctionAnswer { Succeeded = functionLogicalId == "Tell", ErrorType = "LoginRefused", ErrorMessage = "login-refused: made up" });
        }
    }
}
