using System.Collections.Concurrent;
using System.Text.Json;
using Automation.Lab.Account;

namespace Automation.LabTests.Secrets.Lab;

/// <summary>A rotation function that does what each step must do to the secret, and nothing to any database.</summary>
internal sealed class RotationFunction(SecretsOnMoto secrets)
{
    private readonly ConcurrentQueue<string> failures = [];

    /// <summary>The payloads, in order.</summary>
    public ConcurrentQueue<JsonElement> Events { get; } = [];

    public IEnumerable<string?> Steps => Events.Select(e => e.GetProperty("Step").GetString());

    /// <summary>What happens besides, before a step is carried out.</summary>
    public Func<string, Task> Meanwhile { get; set; } = _ => Task.CompletedTask;

    /// <summary>The next invocation of this step fails; may be given several times.</summary>
    public RotationFunction FailOnce(string step)
    {
        failures.Enqueue(step);
        return this;
    }

    public async Task<FunctionAnswer> InvokeAsync(string payload, CancellationToken cancellation)
    {
        var @event = JsonElement.Parse(payload);
        Events.Enqueue(@event);
        string Member(string name) => @event.GetProperty(name).GetString()!;
        var (step, arn, token) = (Member("Step"), Member("SecretId"), Member("ClientRequestToken"));
        await Meanwhile(step);
        cancellation.ThrowIfCancellationRequested();
        if (failures.TryPeek(out var failing) && failing == step && failures.TryDequeue(out _))
            return new FunctionAnswer { Succeeded = false, ErrorType = "LoginRefused", ErrorMessage = "login-refused: made up" };
        var labels = (await secrets.DescribeAsync(arn)).VersionIdsToStages;
        if (step == "createSecret") await secrets.PutAsync(arn, token, $"value of {token}", "AWSPENDING");
        if (step == "finishSecret" && !labels[token].Contains("AWSCURRENT"))
            await secrets.MoveAsync(arn, "AWSCURRENT", labels.Single(v => v.Value.Contains("AWSCURRENT")).Key, token);
        return new FunctionAnswer { Succeeded = true };
    }
}
