using System.Globalization;
using System.Xml.Linq;
using Automation.Lab.Account;

namespace Automation.Lab.Snapshots;

/// <summary>CopyDBSnapshot, CopyDBClusterSnapshot: called where the copy will be, with the source's ARN when that is elsewhere.</summary>
internal sealed class SnapshotCopies(SnapshotParts parts, LabKeys keys)
{
    public async Task<AwsAnswer> CopyAsync(AwsCall call, SnapshotKind kind)
    {
        SnapshotNames.Expect(call, kind, kind.Target);
        var source = await FindSourceAsync(call, kind);
        // moto refuses a target that exists, before anything else is looked at.
        if (parts.Shelf.Find(kind, call.Region, call.Parameter(kind.Target)!) is null) await ExpectPossibleAsync(call, kind, source);
        var answer = await parts.Moto.SendAsync(call);
        if (!answer.Succeeded) return answer;

        var document = answer.Document();
        var element = document.Named(kind.Element).Single();
        var sourceArn = source.Text(kind.Arn)!;
        var copy = new LabSnapshot
        {
            Kind = kind,
            Arn = element.Text(kind.Arn)!,
            Region = call.Region,
            DatabaseId = source.Text(kind.DatabaseId)!,
            Status = SnapshotStatus.Copying,
            OriginallyCreatedAt = source.Text("OriginalSnapshotCreateTime") is { } taken ? DateTimeOffset.Parse(taken, CultureInfo.InvariantCulture) : null,
            CopyOf = sourceArn,
        };
        parts.Shelf.Add(copy);
        parts.Account.Count(call.Region, kind, 1);
        SnapshotView.Show(element, kind, copy);
        var (data, began) = (parts.Shelf.Find(sourceArn)?.Data, parts.Now);
        // Of copies of cluster snapshots RDS sends no events.
        if (kind == SnapshotKind.Instance) parts.OnEvent(SnapshotEvent.CopyStarted(copy, began));
        parts.Work.Start(
            copy,
            async (_, cancellation) => data is null ? null : await data.CopyAsync(cancellation),
            done =>
            {
                if (kind == SnapshotKind.Instance) parts.OnEvent(SnapshotEvent.CopyFinished(done, parts.Now, parts.Now - began));
            });
        return answer.With(document);
    }

    private async Task<XElement> FindSourceAsync(AwsCall call, SnapshotKind kind)
    {
        var name = call.Parameter(kind.Copied) ?? "";
        var (region, id) = name.Split(':', 7) is ["arn", _, "rds", var of, _, _, var named] ? (of, named) : (call.Region, name);
        var (source, _) = await parts.Moto.FindAsync(call, region, kind.Element, id);
        // moto looks at no account, and an ARN of the other kind has an id too.
        if (source is null || (id != name && source.Text(kind.Arn) != name))
            throw SnapshotRefusal.Of(call, kind.NotFound, $"{kind.Element} {name} not found.", 404);
        parts.View.Show(source, kind);
        return source;
    }

    private async Task ExpectPossibleAsync(AwsCall call, SnapshotKind kind, XElement source)
    {
        var sourceArn = source.Text(kind.Arn)!;
        if (source.Text("Status") != "available")
            throw SnapshotRefusal.Of(call, kind.InvalidSnapshot, $"Cannot copy the snapshot {sourceArn} because it is not currently in the available state.");
        var isFromAnotherRegion = sourceArn.Split(':')[3] != call.Region;
        await ExpectKeyAsync(call, kind, source.Text(kind.Encrypted) == "true", isFromAnotherRegion);
        await parts.Account.ExpectRoomAsync(call, kind);
        var underway = parts.Shelf.All.Count(s => s.Kind == kind && s.Region == call.Region && s.Status == SnapshotStatus.Copying && s.IsFromAnotherRegion);
        if (isFromAnotherRegion && underway >= kind.CopiesAtOnce)
            throw SnapshotRefusal.QuotaExceeded(call, string.Create(CultureInfo.InvariantCulture, $"Cannot copy more than {kind.CopiesAtOnce} snapshots across regions"));
    }

    private async Task ExpectKeyAsync(AwsCall call, SnapshotKind kind, bool isEncrypted, bool isFromAnotherRegion)
    {
        var key = call.Parameter("KmsKeyId");
        if (key is null)
        {
            if (isEncrypted && isFromAnotherRegion)
                throw SnapshotRefusal.InvalidParameter(call, "Must specify new KMS key for cross region encrypted snapshot copy.");
            return;
        }
        if (!isEncrypted && kind == SnapshotKind.Cluster)
            throw SnapshotRefusal.InvalidParameter(call, "A KMS key cannot be given for the copy of an unencrypted DB cluster snapshot.");
        if (await keys.FindAsync(key, call.Region, CancellationToken.None) is not { IsEnabled: true })
        {
            throw SnapshotRefusal.Of(call, "KMSKeyNotAccessibleFault",
                $"The target KMS key [{key}] does not exist, is not enabled or you do not have permissions to access it.");
        }
    }
}
