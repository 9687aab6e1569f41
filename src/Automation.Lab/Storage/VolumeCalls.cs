using System.Xml.Linq;
using Automation.Lab.Account;
using Automation.Lab.Snapshots;
using static Automation.Lab.Failover.RdsAnswer;

namespace Automation.Lab.Storage;

/// <summary>ModifyDBInstance and DescribeValidDBInstanceModifications: what RDS refuses, and the answer to what it accepts.</summary>
internal sealed class VolumeCalls(VolumeCallsParts parts)
{
    public async Task<AwsAnswer> ModifyAsync(AwsCall call)
    {
        var (element, database, missing) = await FindAsync(call);
        if (element is null) return missing;
        if (database is null) return await parts.Moto.SendAsync(call);

        var request = StorageRequest.Of(call);
        if (database.Refuse(request, Now, parts.Cooldown()) is { } refusal) return Refuse(call, database, refusal);
        if (request.AsksForMore)
        {
            var answer = await parts.Moto.SendAsync(call, call.Region, StorageRequest.Besides(call));
            if (!answer.Succeeded) return answer;
            element = answer.Document().Named("DBInstance").Single();
        }
        var (late, former, to) = database.Accept(request, Now, parts.Cooldown());
        if (late is not null) return Refuse(call, database, late);
        if (to != former) parts.OnAccepted(database, new AcceptedModification
        {
            DatabaseId = database.Shown.Id,
            From = former,
            To = to,
            Sent = StorageRequest.Sent(call),
            IsImmediate = request.ApplyImmediately,
            At = Now,
        });
        return Of(call, element);
    }

    public async Task<AwsAnswer> DescribeValidAsync(AwsCall call)
    {
        var (element, database, missing) = await FindAsync(call);
        if (element is null) return missing;
        return database is null ? await parts.Moto.SendAsync(call) : Of(call, ValidModifications.Of(database.Volume.Settings));
    }

    private DateTimeOffset Now => parts.Time.GetUtcNow();

    private async Task<(XElement? Element, VolumeDatabase? Database, AwsAnswer Missing)> FindAsync(AwsCall call)
    {
        var (element, missing) = await parts.Moto.FindAsync(call, call.Region, "DBInstance", call.Parameter("DBInstanceIdentifier") ?? "");
        return (element, element is null ? null : parts.Find(call.Region, element.Text("DBInstanceIdentifier")!), missing);
    }

    private AwsAnswer Refuse(AwsCall call, VolumeDatabase database, StorageRefusal refusal)
    {
        parts.OnRefused(new RefusedModification(database.Shown.Id, refusal, StorageRequest.Sent(call), Now));
        return ErrorAnswer.Create(call, 400, refusal.Code, refusal.Message);
    }
}
