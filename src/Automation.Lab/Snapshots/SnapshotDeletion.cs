using System.Xml.Linq;
using Automation.Lab.Account;

namespace Automation.Lab.Snapshots;

/// <summary>DeleteDBSnapshot, DeleteDBClusterSnapshot: the data go too, and copies being made of them end.</summary>
internal sealed class SnapshotDeletion(SnapshotParts parts)
{
    public async Task<AwsAnswer> DeleteAsync(AwsCall call, SnapshotKind kind)
    {
        var (found, refused) = await parts.Moto.FindAsync(call, call.Region, kind.Element, call.Parameter(kind.Id) ?? "");
        if (found is null) return refused;
        if (found.Text("SnapshotType") != "manual")
        {
            throw SnapshotRefusal.Of(call, kind.InvalidSnapshot,
                kind == SnapshotKind.Instance ? "automated snapshots cannot be deleted." : "Only manual snapshots may be deleted.");
        }
        var arn = found.Text(kind.Arn)!;
        var snapshot = parts.Shelf.Find(arn);
        if (snapshot is { Status: SnapshotStatus.Creating })
            throw SnapshotRefusal.Of(call, kind.InvalidSnapshot, "Cannot delete the snapshot because it is not currently in the available or failed state.");

        var answer = await parts.Moto.SendAsync(call);
        if (!answer.Succeeded) return answer;
        foreach (var copy in parts.Shelf.All.Where(s => s.CopyOf == arn && s.IsUnderway)) await parts.Work.CancelAsync(copy.Arn);
        // Deleting a copy that is not there yet cancels it.
        await parts.Work.CancelAsync(arn);
        var last = parts.Shelf.Remove(arn);
        last?.Data?.Remove();
        parts.Account.Count(call.Region, kind, -1);
        // RDS has no event for the end of a cluster snapshot.
        if (kind == SnapshotKind.Instance)
        {
            parts.OnEvent(snapshot is { Status: SnapshotStatus.Copying } && last is { Status: SnapshotStatus.Failed }
                ? SnapshotEvent.CopyCanceled(snapshot, parts.Now)
                : SnapshotEvent.Deleted(snapshot ?? OfMoto(kind, arn, found), parts.Now));
        }

        var document = answer.Document();
        var element = document.Named(kind.Element).Single();
        SnapshotView.Show(element, kind, snapshot);
        element.Set("Status", "deleted");
        return answer.With(document);
    }

    // One that was made in moto itself.
    private static LabSnapshot OfMoto(SnapshotKind kind, string arn, XElement found) => new()
    {
        Kind = kind,
        Arn = arn,
        Region = arn.Split(':')[3],
        DatabaseId = found.Text(kind.DatabaseId)!,
        Status = SnapshotStatus.Available,
    };
}
