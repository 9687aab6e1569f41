using Automation.Lab.Account;

namespace Automation.Lab.Snapshots;

/// <summary>ModifyDBSnapshotAttribute, ModifyDBClusterSnapshotAttribute: moto shares whatever it is told to.</summary>
internal sealed class SnapshotSharing(SnapshotParts parts, LabKeys keys)
{
    public async Task<AwsAnswer> ModifyAsync(AwsCall call, SnapshotKind kind)
    {
        var (found, refused) = await parts.Moto.FindAsync(call, call.Region, kind.Element, call.Parameter(kind.Id) ?? "");
        if (found is null) return refused;
        parts.View.Show(found, kind);
        if (found.Text("Status") != "available")
            throw SnapshotRefusal.Of(call, kind.InvalidSnapshot, "Cannot share the snapshot because it is not currently in the available state.");
        if (found.Text("SnapshotType") != "manual")
            throw SnapshotRefusal.Of(call, kind.InvalidSnapshot, "Only manual snapshots may be shared.");
        var added = call.Parameters.Where(p => p.Key.StartsWith("ValuesToAdd.", StringComparison.Ordinal)).Select(p => p.Value).ToArray();
        if (added.Length > 0 && found.Text(kind.Encrypted) == "true") await ExpectSharableAsync(call, found.Text("KmsKeyId"), added);
        return await parts.Moto.SendAsync(call);
    }

    private async Task ExpectSharableAsync(AwsCall call, string? key, string[] accounts)
    {
        if (accounts.Contains("all")) throw SnapshotRefusal.InvalidParameter(call, "Encrypted snapshots cannot be shared with all accounts.");
        // Asked of moto itself, which has no ARN for the default key.
        if (key is null || !key.StartsWith("arn:", StringComparison.Ordinal) || key == await keys.DefaultKeyArnAsync(call.Region))
            throw SnapshotRefusal.InvalidParameter(call, "Sharing snapshots encrypted with the default service key for RDS is currently not supported.");
    }
}
