using System.Globalization;
using System.Xml.Linq;
using Automation.Lab.Account;

namespace Automation.Lab.Snapshots;

/// <summary>Shows in moto's answers what the lab knows: moto has every snapshot available at once.</summary>
internal sealed class SnapshotView(SnapshotShelf shelf, LabKeys keys)
{
    // What moto writes for "the account's default key".
    private const string NoKey = "default_kms_key_id";

    /// <summary>A snapshot as it is now.</summary>
    public void Show(XElement element, SnapshotKind kind) => Show(element, kind, shelf.Find(element.Text(kind.Arn) ?? ""));

    /// <param name="element">Is changed.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="snapshot">As it is to be shown; <c>null</c> for one of moto's own, as automated ones are.</param>
    public static void Show(XElement element, SnapshotKind kind, LabSnapshot? snapshot)
    {
        element.Set("PercentProgress", (snapshot?.Percent ?? 100).ToString(CultureInfo.InvariantCulture));
        if (snapshot is null) return;
        element.Set("Status", snapshot.Status.ToString().ToLowerInvariant());
        element.Set("SnapshotCreateTime", snapshot.CreatedAt);
        if (kind == SnapshotKind.Cluster)
        {
            element.Set("SourceDBClusterSnapshotArn", snapshot.CopyOf);
            return;
        }
        element.Set("OriginalSnapshotCreateTime", snapshot.OriginallyCreatedAt);
        element.Set("SourceRegion", snapshot.IsFromAnotherRegion ? snapshot.SourceRegion : null);
        element.Set("SourceDBSnapshotIdentifier", snapshot.IsFromAnotherRegion ? snapshot.CopyOf : null);
    }

    /// <summary>The endpoint's hook for all answers of RDS: databases at work on a snapshot, and keys that KMS knows.</summary>
    public async ValueTask<AwsAnswer> ShowAsync(AwsCall call, AwsAnswer answer, CancellationToken cancellation)
    {
        if (!answer.Succeeded) return answer;
        var document = answer.Document();
        foreach (var kind in SnapshotKind.All)
        {
            foreach (var database in document.Named(kind.Database).Where(d => d.Text(kind.DatabaseStatus) == "available"))
            {
                if (shelf.IsBackingUp(kind, call.Region, database.Text(kind.DatabaseId) ?? "")) database.Set(kind.DatabaseStatus, "backing-up");
            }
        }
        foreach (var key in document.Named("KmsKeyId").Where(k => k.Value == NoKey).ToArray())
        {
            if ((key.Parent!.Text("StorageEncrypted") ?? key.Parent!.Text("Encrypted")) == "true") key.Value = await keys.DefaultKeyArnAsync(call.Region);
            else key.Remove();
        }
        return answer.With(document);
    }
}
