using System.Xml.Linq;
using Automation.Lab.Account;
using Automation.Lab.Postgres;

namespace Automation.Lab.Snapshots;

/// <summary>CreateDBSnapshot, CreateDBClusterSnapshot: a base backup of the database's server where it has one.</summary>
/// <param name="parts">What the actions share.</param>
/// <param name="server">The server of an instance by Region and id, or <c>null</c> for one that moto alone knows.</param>
internal sealed class SnapshotCreation(SnapshotParts parts, Func<string, string, PostgresServer?> server)
{
    public async Task<AwsAnswer> CreateAsync(AwsCall call, SnapshotKind kind)
    {
        SnapshotNames.Expect(call, kind, kind.Id);
        var (database, refused) = await parts.Moto.FindAsync(call, call.Region, kind.Database, call.Parameter(kind.DatabaseId) ?? "");
        if (database is null) return refused;
        // One that exists is refused for that, whatever its database is doing: the first answer may have been lost.
        if (parts.Shelf.Find(kind, call.Region, call.Parameter(kind.Id)!) is null) await ExpectReadyAsync(call, kind, database);
        var answer = await parts.Moto.SendAsync(call);
        if (!answer.Succeeded) return answer;

        var document = answer.Document();
        var element = document.Named(kind.Element).Single();
        var snapshot = new LabSnapshot
        {
            Kind = kind,
            Arn = element.Text(kind.Arn)!,
            Region = call.Region,
            DatabaseId = database.Text(kind.DatabaseId)!,
            Status = SnapshotStatus.Creating,
        };
        parts.Shelf.Add(snapshot);
        parts.Account.Count(call.Region, kind, 1);
        parts.OnEvent(SnapshotEvent.Creating(snapshot, parts.Now));
        SnapshotView.Show(element, kind, snapshot);
        var running = kind == SnapshotKind.Instance ? server(snapshot.Region, snapshot.DatabaseId) : null;
        parts.Work.Start(
            snapshot,
            async (progress, cancellation) => running is null ? null : await BaseBackup.TakeAsync(running, progress, cancellation),
            done => parts.OnEvent(SnapshotEvent.Created(done, parts.Now)));
        return answer.With(document);
    }

    private async Task ExpectReadyAsync(AwsCall call, SnapshotKind kind, XElement database)
    {
        var (id, status) = (database.Text(kind.DatabaseId)!, database.Text(kind.DatabaseStatus));
        if (kind == SnapshotKind.Instance && database.Text("DBClusterIdentifier") is { Length: > 0 })
        {
            throw SnapshotRefusal.InvalidParameter(call, "The specified instance is a member of a cluster and a snapshot cannot be "
                + "created directly. Please use the CreateDBClusterSnapshot API instead.");
        }
        var isReady = status == "available" || (kind == SnapshotKind.Instance && status == "storage-optimization");
        if (!isReady || parts.Shelf.IsBackingUp(kind, call.Region, id))
        {
            throw SnapshotRefusal.Of(call, kind.InvalidDatabase, kind == SnapshotKind.Instance
                ? $"Cannot create a snapshot because the database instance {id} is not currently in the available state."
                : $"DB cluster {id} is not in available state.");
        }
        await parts.Account.ExpectRoomAsync(call, kind);
    }
}
