using System.Text.Json;
using Automation.Lab;
using Automation.Lab.Account;
using Automation.Lab.Secrets;

namespace Automation.LabTests.Secrets.Lab;

/// <summary>
/// The plainest rotation function that changes a real password: the user is the one after the current in a list, so one user
/// rotates in place and two take turns.
/// </summary>
internal sealed class PasswordRotation(SecretsOnMoto secrets, LabInstance database, params string[] users)
{
    /// <summary>What happens once the database has the new password and the secret has not.</summary>
    public Func<Task> BetweenSetAndFinish { get; set; } = () => Task.CompletedTask;

    /// <summary>Creates the users and the secret, which names the first of them.</summary>
    public async Task<string> BeginAsync()
    {
        var passwords = new List<string>();
        foreach (var user in users) passwords.Add(await database.CreateLoginAsync(user, TestContext.Current.CancellationToken));
        return (await secrets.CreateAsync(Value(users[0], passwords[0]))).Arn;
    }

    public async Task<RotationRun> RotateAsync(string arn, string token)
    {
        var run = await secrets.Rotations.RotateAsync(arn, token, InvokeAsync, TestContext.Current.CancellationToken);
        Assert.Null(run.Error);
        return run;
    }

    private async Task<FunctionAnswer> InvokeAsync(string payload, CancellationToken cancellation)
    {
        string Member(string name) => JsonElement.Parse(payload).GetProperty(name).GetString()!;
        var (arn, token) = (Member("SecretId"), Member("ClientRequestToken"));
        switch (Member("Step"))
        {
            case "createSecret":
                var current = Array.IndexOf(users, User(await secrets.ValueAsync(arn)));
                await secrets.PutAsync(arn, token, Value(users[(current + 1) % users.Length], $"pw-{token}"), "AWSPENDING");
                break;
            case "setSecret":
                var pending = await secrets.ValueAsync(arn, token, "AWSPENDING");
                await database.Server.ExecuteAsync($"ALTER ROLE \"{User(pending)}\" PASSWORD 'pw-{token}'", cancellation);
                await BetweenSetAndFinish();
                break;
            case "finishSecret":
                var before = (await secrets.DescribeAsync(arn)).VersionIdsToStages.Single(v => v.Value.Contains("AWSCURRENT")).Key;
                await secrets.MoveAsync(arn, "AWSCURRENT", before, token);
                break;
        }
        return new FunctionAnswer { Succeeded = true };
    }

    private static string Value(string user, string password) => JsonSerializer.Serialize(new { username = user, password });

    private static string? User(string value) => JsonElement.Parse(value).GetProperty("username").GetString();
}
