using System.Globalization;
using Automation.Fleet;

namespace Automation.Tests.Snapshots.Year;

/// <summary>What people and AWS do to databases and snapshots during the year, by a calendar and by chance.</summary>
internal sealed class People(SimulatedRds rds, SimulatedLedger ledger, Watch watch, Health health, Chance chance, DateTimeOffset start)
{
    private const int StepsOfDay = 96;
    private const string LongName = "reporting-warehouse-of-the-northern-branch-with-an-endless-name";
    private readonly SortedDictionary<long, List<Action>> later = [];
    private long step = -1;

    private DateTimeOffset Now => start + step * TimeSpan.FromMinutes(15);

    /// <summary>The fleet at the beginning; all but four are none of the automation's business.</summary>
    public void Found()
    {
        Add("orders", DatabaseKind.Instance, "db-ORDERS", "every=12h hourly=4 daily=4 weekly=3 monthly=3 yearly=1 copy=eu-west-1/" + SimulatedYear.Partner, "postgres");
        Add("main", DatabaseKind.Cluster, "cluster-MAIN", "every=2d hourly=2 daily=5 weekly=3 monthly=4 yearly=1 min=2 copy=eu-west-1");
        Add("events", DatabaseKind.Instance, "db-EVENTS", "every=1d hourly=3 daily=3 weekly=2 monthly=2 yearly=0 min=4", "postgres");
        Add(LongName, DatabaseKind.Cluster, "cluster-LONG", "every=2d hourly=1 daily=4 weekly=0 monthly=3 yearly=0 min=1 copy=us-west-2");
        rds.Databases.Add(new SimulatedDatabase { Id = "main-1", Kind = DatabaseKind.Instance, ResourceId = "db-MEMBER", CreatedAt = start, ClusterId = "main", Tag = "every=1h" });
        rds.Databases.Add(new SimulatedDatabase { Id = "documents", Kind = DatabaseKind.Cluster, ResourceId = "cluster-DOCS", CreatedAt = start, Engine = "docdb", Tag = "" });
        rds.Databases.Add(new SimulatedDatabase { Id = "scratch", Kind = DatabaseKind.Instance, ResourceId = "db-SCRATCH", CreatedAt = start, Engine = "postgres" });

        On(30, 7, () => Retag("orders", "every=1d hourly=3 daily=4 weekly=3 monthly=3 yearly=1 copy=eu-west-1"));
        On(60, 5, () => Retag("events", "every=8h hourly=6 daily=6 weekly=3 monthly=3 yearly=1 min=6"));
        On(90, 30, () => Retag("events", "every=12h hourly=2 daily=2 weekly=1 monthly=1 yearly=0 min=1"));
        On(110, 30, () => Retag("events", "every=1d hourly=2 daily=2 weekly=1 monthly=1 yearly=0 min=1"));
        On(120, 40, () => Retag("orders", "every=1d hourly=2 daily=6 weekly=4 monthly=3 yearly=1 copy=eu-west-1/us-west-2/" + SimulatedYear.Partner + "/" + SimulatedYear.Auditor));
        On(150, 50, () => Retag("orders", "every=6h hourly=6 daily=5 weekly=4 monthly=3 yearly=1 copy=eu-west-1/us-west-2/" + SimulatedYear.Auditor));
        On(165, 50, () => Retag("orders", "every=1d hourly=3 daily=4 weekly=3 monthly=3 yearly=1 copy=eu-west-1"));
        On(180, 20, () => Retag("main", "every=2d hourly=2 daily=5 weekly=3 monthly=4 yearly=1 min=2 copy=eu-west-1/us-west-2"));
        On(200, 33, () => Rename("events", "events-v2"));
        On(230, 10, () => Retag("events-v2", "every=2h hourly=2 daily=2 weekly=1 monthly=1 yearly=0 min=3"));
        On(232, 10, () => Retag("events-v2", "every=1d hourly=2 daily=2 weekly=1 monthly=1 yearly=0 min=3"));
        On(260, 60, () => Replace(LongName, "cluster-LONG2"));
        On(290, 12, () => Retag("main", "every=1d daily=x"));
        On(292, 70, () => Retag("main", "every=2d hourly=2 daily=5 weekly=3 monthly=4 yearly=1 min=2 copy=eu-west-1"));
        On(300, 44, () => Retag("orders", "off"));
        On(303, 9, () => Retag("orders", "every=6h hourly=4 daily=5 weekly=3 monthly=3 yearly=1 copy=eu-west-1/us-west-2/" + SimulatedYear.Partner + "/" + SimulatedYear.Auditor));
        On(313, 9, () => Retag("orders", "every=1d hourly=4 daily=4 weekly=3 monthly=3 yearly=1 copy=us-west-2/" + SimulatedYear.Auditor));
        foreach (var day in (int[])[40, 170, 310])
        {
            On(day, 20, () => Stop(true));
            On(day, 62, () => Stop(false));
        }
    }

    public void Act(long present)
    {
        var since = step + 1;
        step = present;
        while (later.Count > 0 && later.First() is var (due, actions) && due <= step)
        {
            later.Remove(due);
            foreach (var action in actions) action();
        }
        for (var quarter = since; quarter <= step; quarter++)
            if (quarter % StepsOfDay == (long)(chance.Of("hour", quarter / StepsOfDay) * StepsOfDay)) SomeDay(quarter / StepsOfDay);
    }

    private void SomeDay(long day)
    {
        if (chance.Hits(0.15, "outage", day)) Outage(day);
        if (chance.Hits(0.04, "unreadable", day)) During(rds.Unreadable, day);
        if (chance.Hits(0.04, "key", day)) During(rds.KeyMissing, day);
        if (chance.Hits(0.02, "quota", day)) Fill();
        if (chance.Hits(0.08, "hold", day) && Any(day) is { } held) For(days: 30, () => Hold(held, "audit"), () => Hold(held, null));
        if (chance.Hits(0.08, "share", day) && Any(day) is { } shared) For(days: 40, () => Share(shared, true), () => Share(shared, false));
        if (chance.Hits(0.2, "by hand", day)) ByHand(day);
        // The weekly digest says: failed, delete it by hand.
        if (day % 14 == 0) CleanUp();
    }

    private void CleanUp()
    {
        foreach (var failed in rds.All.Where(snapshot => snapshot.Status == "failed" && Now - snapshot.Begun > TimeSpan.FromDays(5)).ToList()) rds.Region(failed.Region).Remove(failed);
    }

    private void ByHand(long day)
    {
        var database = rds.Databases[(int)(chance.Of("whose", day) * 4)];
        var number = day.ToString(CultureInfo.InvariantCulture);
        switch ((int)(chance.Of("what", day) * 5))
        {
            case 0:
                Made(rds.AddByHand(SimulatedRds.HomeRegion, database, "before-release-" + number, [], null, TimeSpan.FromMinutes(20)), 60);
                break;
            case 1 when database.Policy is { } policy:
                // Somebody takes the name that is next.
                var slot = Automation.Snapshots.SlotRules.At(Now, policy.Every) + policy.Every;
                var name = Automation.Snapshots.SnapshotNames.Of(database.Kind, database.Id, slot, 1);
                var other = rds.Databases[^1];
                if (database.Kind == DatabaseKind.Instance) Made(rds.AddByHand(SimulatedRds.HomeRegion, chance.Hits(0.5, "named for", day) ? other : database, name, [], null, TimeSpan.Zero), 10);
                break;
            case 2 when Any(day) is { } original && rds.Find(original.Owner) is { } owner:
                // CopyTags takes the automation's tags along.
                Made(rds.AddByHand(SimulatedRds.HomeRegion, owner, "keep-" + number, new(original.Tags), original, TimeSpan.FromMinutes(30)), 90);
                break;
            case 3 when Any(day) is { } source && rds.Find(source.Owner) is { } of && of.Policy?.Regions.Contains("eu-west-1") is true:
                health.Hurt(of.ResourceId, Now);
                Made(rds.AddByHand("eu-west-1", of, "mine-" + number, [], source, TimeSpan.FromHours(3)), 30);
                break;
            case 4 when Any(day) is { } restored:
                // A database restored from one of ours has its tags, and gives them to its snapshots (CopyTagsToSnapshot).
                Made(rds.AddByHand(SimulatedRds.HomeRegion, rds.Databases[^1], "restored-" + number, new(restored.Tags.Where(tag => tag.Key != "automation:hold")), null, TimeSpan.FromMinutes(5)), 90);
                break;
        }
    }

    private void Made(SimulatedSnapshot snapshot, int days) => On(step / StepsOfDay + days, 1, () =>
    {
        if (rds.Region(snapshot.Region).Find(snapshot.Kind, snapshot.Id) == snapshot) rds.Region(snapshot.Region).Remove(snapshot);
        else watch.Fault($"{snapshot.Id} of a person is gone");
    });

    private void Outage(long day)
    {
        var database = rds.Databases[(int)(chance.Of("which", day) * 4)];
        var (status, longest) = chance.Of("state", day) switch { < 0.3 => ("storage-optimization", 8), < 0.6 => ("modifying", 3), _ => ("stopped", 40) };
        SetStatus(database, status);
        After(TimeSpan.FromHours(1 + chance.Of("length", day) * longest), () => SetStatus(database, "available"));
    }

    private void During(HashSet<string> set, long day)
    {
        var region = chance.Hits(0.5, "Region", day) ? "eu-west-1" : "us-west-2";
        set.Add(region);
        rds.Changed();
        After(TimeSpan.FromHours(1 + chance.Of("hours", day) * 15), () =>
        {
            set.Remove(region);
            rds.Changed();
        });
    }

    private void Fill()
    {
        rds.Quota = Math.Max(rds.Region(SimulatedRds.HomeRegion).Count(DatabaseKind.Instance), rds.Region(SimulatedRds.HomeRegion).Count(DatabaseKind.Cluster));
        rds.Changed();
        After(TimeSpan.FromHours(20), () =>
        {
            rds.Quota = 1000;
            rds.Changed();
        });
    }

    private void For(int days, Action begin, Action end)
    {
        begin();
        On(step / StepsOfDay + days, 7, end);
    }

    private void Hold(SimulatedSnapshot snapshot, string? value)
    {
        snapshot.Tag("automation:hold", value);
        Touched(snapshot);
    }

    private void Share(SimulatedSnapshot snapshot, bool share)
    {
        if (share) snapshot.Accounts.Add(SimulatedYear.Stranger);
        else snapshot.Accounts.Remove(SimulatedYear.Stranger);
        Touched(snapshot);
    }

    private void Touched(SimulatedSnapshot snapshot)
    {
        health.Hurt(snapshot.Owner, "retain", Now);
        rds.Changed();
    }

    private void Stop(bool stop)
    {
        ledger.Stopped = stop;
        watch.Stopped = stop;
        rds.Changed();
    }

    private void SetStatus(SimulatedDatabase database, string status)
    {
        health.Hurt(database.ResourceId, "take", Now);
        database.Status = status;
        rds.Changed();
    }

    private void Retag(string id, string tag)
    {
        var database = rds.Find(id)!;
        database.Tag = tag;
        health.Hurt(database.ResourceId, Now);
        foreach (var region in (string[])["eu-west-1", "us-west-2"]) health.Hurt(database.ResourceId, "copy " + region, Now);
        rds.Changed();
    }

    private void Rename(string id, string name)
    {
        var database = rds.Find(id)!;
        database.Id = name;
        health.Hurt(database.ResourceId, "take", Now);
        rds.Changed();
    }

    /// <summary>Deleted, and made anew under the same name: the old one's snapshots are nobody's.</summary>
    private void Replace(string id, string resourceId)
    {
        var old = rds.Find(id)!;
        rds.Databases.Remove(old);
        rds.Databases.Insert(3, new SimulatedDatabase { Id = id, Kind = old.Kind, ResourceId = resourceId, CreatedAt = Now, KmsKeyId = old.KmsKeyId, Tag = old.Tag });
        health.Hurt(resourceId, Now);
        rds.Changed();
    }

    private void Add(string id, DatabaseKind kind, string resourceId, string tag, string engine = "aurora-postgresql") => rds.Databases.Add(new SimulatedDatabase
    {
        Id = id, Kind = kind, ResourceId = resourceId, CreatedAt = start, Engine = engine, KmsKeyId = $"arn:aws:kms:{SimulatedRds.HomeRegion}:{SimulatedRds.Account}:key/{resourceId}", Tag = tag,
    });

    private SimulatedSnapshot? Any(long day)
    {
        // Sorted: which worker was first must not change the year.
        var good = rds.Region(SimulatedRds.HomeRegion).Snapshots.Where(snapshot => snapshot is { Ours: true, IsAvailable: true }).OrderBy(snapshot => snapshot.Arn, StringComparer.Ordinal).ToList();
        return good.Count == 0 ? null : good[(int)(chance.Of("any", day) * good.Count)];
    }

    private void After(TimeSpan span, Action action) => At(step + (long)(span / TimeSpan.FromMinutes(15)), action);

    private void On(long day, int stepOfDay, Action action) => At(day * StepsOfDay + stepOfDay, action);

    private void At(long due, Action action)
    {
        if (!later.TryGetValue(due, out var actions)) later[due] = actions = [];
        actions.Add(action);
    }
}
