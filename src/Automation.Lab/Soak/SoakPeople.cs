using System.Globalization;
using Amazon.RDS.Model;
using Amazon.SecretsManager.Model;
using Automation.Lab.Snapshots;

namespace Automation.Lab.Soak;

/// <summary>What people do in a soak: they make snapshots, and ask for rotations.</summary>
internal sealed class SoakPeople(SoakLab lab)
{
    /// <summary>The tag with which a person keeps a snapshot.</summary>
    public const string Hold = "automation:hold";

    /// <summary>As the stack would have made them, hours ago.</summary>
    public async Task ShelfAsync(SoakStep.Shelf step, CancellationToken cancellation)
    {
        var database = lab.Databases[step.Database];
        var now = TimeProvider.System.GetUtcNow();
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        foreach (var hours in step.HoursAgo)
        {
            var slot = hour.AddHours(-hours);
            var tags = OwnSnapshotTags.Of(slot, database.Registered.ResourceId);
            if (step.Held && hours == step.HoursAgo.Max()) tags.Add(new() { Key = Hold, Value = "audit" });
            await SnapshotAsync(database, string.Create(CultureInfo.InvariantCulture, $"auto-{database.Id}-{slot:yyyyMMdd-HHmm}"), tags, cancellation);
        }
        if (step.Manual) await SnapshotAsync(database, string.Create(CultureInfo.InvariantCulture, $"before-release-{step.At.Ticks}"), [], cancellation);
    }

    private async Task SnapshotAsync(SoakDatabase database, string name, List<Amazon.RDS.Model.Tag> tags, CancellationToken cancellation)
    {
        try
        {
            await lab.Person.Rds.CreateDBSnapshotAsync(new CreateDBSnapshotRequest { DBInstanceIdentifier = database.Id, DBSnapshotIdentifier = name, Tags = tags }, cancellation);
            await lab.Account.Snapshots.Changes.FirstAsync(change => change.Id == name && !change.IsUnderway, cancellation);
        }
        catch (Exception e) when (e is DBSnapshotAlreadyExistsException or InvalidDBInstanceStateException)
        {
            // One of that hour is there already, or the stack itself is taking one.
        }
    }

    /// <summary>A person asks for the rotation of a database's secret; an unfinished one is tried again.</summary>
    public async Task RotateAsync(SoakDatabase database, CancellationToken cancellation)
    {
        try
        {
            await lab.Person.SecretsManager.RotateSecretAsync(new RotateSecretRequest
            {
                SecretId = database.SecretArn,
                ClientRequestToken = Guid.NewGuid().ToString(),
                RotationLambdaARN = lab.Account.Template.Function(SoakNames.Rotate).Arn,
                RotationRules = new RotationRulesType { AutomaticallyAfterDays = 30 },
            }, cancellation);
        }
        catch (InvalidRequestException)
        {
            // "A previous rotation isn't complete. That rotation will be reattempted."
        }
    }

    /// <summary>Secrets Manager tries an unfinished rotation again; a person asks for it, having been told.</summary>
    public async Task FinishRotationAsync(SoakDatabase database, CancellationToken cancellation)
    {
        const int Tries = 3;
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var secret = await lab.Person.SecretsManager.DescribeSecretAsync(new DescribeSecretRequest { SecretId = database.SecretArn }, cancellation);
            if (secret.VersionIdsToStages.Values.All(labels => !labels.Contains("AWSPENDING") || labels.Contains("AWSCURRENT"))) return;
            await RotateAsync(database, cancellation);
            await lab.Account.Rotations.IdleAsync(cancellation);
        }
    }
}
