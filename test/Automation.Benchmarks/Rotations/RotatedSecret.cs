using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.SecretsManager.Model;
using Automation.Lab;
using Automation.Lab.Aws;
using Automation.Lab.Secrets;

namespace Automation.Benchmarks.Rotations;

/// <summary>A role of the database and its secret, rotated as Secrets Manager does it.</summary>
internal sealed class RotatedSecret
{
    private readonly LocalLab lab;
    private readonly string arn;

    private RotatedSecret(LocalLab lab, string arn)
    {
        this.lab = lab;
        this.arn = arn;
    }

    public static async Task<RotatedSecret> CreateAsync(LocalLab lab, string role, CancellationToken cancellation)
    {
        using var clients = new LabClients(lab.Account.Endpoint.Uri, LabClients.Anybody, lab.Region);
        var login = lab.Database.Login(role, await lab.Database.CreateLoginAsync(role, cancellation), role);
        var secret = await clients.SecretsManager.CreateSecretAsync(new CreateSecretRequest
        {
            Name = $"{lab.Database.Id}/{role}",
            SecretString = new JsonObject
            {
                ["engine"] = "postgres",
                ["host"] = login.Host,
                ["port"] = login.Port,
                ["username"] = login.Username,
                ["password"] = login.Password,
                ["dbname"] = login.Database,
                ["dbInstanceIdentifier"] = lab.Database.Id,
                // RotateSecret verifies TLS whatever a secret says; the sample does only when told.
                ["ssl"] = true,
            }.ToJsonString(),
            // What the function's role asks of a secret.
            Tags = [new Tag { Key = "automation:rotation", Value = "allow" }],
        }, cancellation);
        return new RotatedSecret(lab, secret.ARN);
    }

    /// <exception cref="InvalidOperationException">It did not succeed at the first attempt.</exception>
    public async Task RotateAsync(InvokeRotation function, RotationSamples samples, CancellationToken cancellation)
    {
        var calls = lab.Account.Endpoint.Calls.Entries.Count;
        var run = await lab.Account.Rotations.RotateAsync(arn, Guid.NewGuid().ToString(), function, cancellation);
        if (run is not { Succeeded: true, Attempts: 1 })
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The rotation took {run.Attempts} attempts: {run.Error}"));
        samples.Add(run, [.. lab.Account.Endpoint.Calls.Entries.Skip(calls)]);
    }
}
