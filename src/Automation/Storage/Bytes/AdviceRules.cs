using System.Globalization;
using Automation.Telemetry;

namespace Automation.Storage.Bytes;

/// <summary>Words and statements for a <see cref="Cause"/>. Pure and total: names are quoted, or the statement is left out.</summary>
internal static class AdviceRules
{
    private const string KeepLimit = "max_slot_wal_keep_size: a limit for the WAL that slots may keep; one that goes over it is lost.";

    // Of a slot in a subject, beside the database's name and the reason.
    private const int LongestShort = 24;

    public static Advice Of(Cause cause) => cause switch
    {
        Cause.AbandonedSlot abandoned => OfAbandoned(abandoned),
        Cause.LaggingSlot lagging => OfLagging(lagging),
        Cause.RunawayTemporary temporary => OfTemporary(temporary),
        Cause.Logs logs => new Advice(
            $"The server's logs hold {Shown.Size(logs.Bytes)}{Rate(logs.BytesPerDay)}. Look at what is logged so much before it is kept for a shorter time.",
            [], ["rds.log_retention_period: minutes a log is kept, 1440 at least.", "log_statement, log_min_duration_statement, log_destination: what is logged, and whether as csv a second time."]),
        Cause.DeadRows dead => OfDeadRows(dead),
        Cause.Data data => new Advice(DataSentence(data), [], []),
        Cause.Unknown unknown => new Advice(unknown.Why, [], []),
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "Not a cause."),
    };

    /// <summary>What it is and how much, for the subject of a message.</summary>
    public static string BriefOf(Cause cause) => cause switch
    {
        Cause.AbandonedSlot abandoned => $"slot {Short(abandoned.Slot.Name)} keeps {Shown.Size(abandoned.Bytes)} WAL",
        Cause.LaggingSlot lagging => $"slot {Short(lagging.Slot.Name)} lags, {Shown.Size(lagging.Bytes)} WAL",
        Cause.RunawayTemporary temporary => $"{Shown.Size(temporary.Bytes)} of temporary files",
        Cause.Logs logs => $"{Shown.Size(logs.Bytes)} of logs",
        Cause.DeadRows dead => $"{Shown.Size(dead.Bytes)} of dead rows",
        Cause.Data data => $"data{Rate(data.BytesPerDay)}",
        Cause.Unknown => "what fills it is not known",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "Not a cause."),
    };

    private static Advice OfAbandoned(Cause.AbandonedSlot cause)
    {
        var slot = cause.Slot;
        var since = cause.Since is not { } at ? ""
            : slot.InactiveSince is null ? $" since {Shown.Time(at)} or before" : $" since {Shown.Time(at)}";
        var consumer = cause.LastConsumer is { } last ? $"It was last used by {Consumer(last)}." : "Who used it is not known.";
        var found = $"Nobody reads the replication slot {Describe(slot)}{since}: it keeps {Shown.Size(cause.Bytes)} of WAL{Rate(cause.BytesPerDay)}. {consumer}";
        // RDS makes and removes these itself, and refuses others.
        if (IsOfRds(slot))
            return new Advice($"{found} It is RDS's own, for a read replica: see whether that is stopped or full; the slot goes when it is repaired or deleted.", [], [KeepLimit]);
        return new Advice($"{found} Start its consumer again, or, when nothing will come back for it, drop the slot{In(slot)}: its consumer then has to begin anew.",
            Drop(slot), [KeepLimit]);
    }

    private static Advice OfLagging(Cause.LaggingSlot cause)
    {
        var slot = cause.Slot;
        var consumer = slot.Consumer is { } present ? Consumer(present) : "a consumer that is hidden from us";
        return new Advice($"The replication slot {Describe(slot)} is in use by {consumer}, which does not keep up: {Shown.Size(cause.Bytes)} of WAL are kept for it{Rate(cause.BytesPerDay)}. "
            + $"Look at the consumer first. To give it up, end its session and drop the slot{In(slot)}; while somebody has it, that drops nothing and shows no row.",
            IsOfRds(slot) ? [] : [.. Terminate(slot.ActivePid, slot.Consumer?.BackendStart), .. Drop(slot)], [KeepLimit]);
    }

    private static Advice OfTemporary(Cause.RunawayTemporary cause)
    {
        var written = cause.Written is > 0 and { } bytes ? $", and {Shown.Size(bytes)} came and went since the last measurement" : "";
        var users = cause.Users is [var largest, ..]
            ? $" Most is of {User(largest)}{(largest.Since is { } since ? $", whose statement began {Shown.Time(since)}" : "")}."
            : " Nobody has any that is shown: of parallel hashes PostgreSQL shows none.";
        return new Advice($"Temporary files of sorts and hashes hold {Shown.Size(cause.Bytes)}{written}.{users} They go when the statement ends.",
            [.. cause.Users.Take(1).Where(user => user.Role is not null).SelectMany(user => Terminate(user.Pid, user.BackendStart))],
            ["temp_file_limit: the most that one process may have on disk; a statement that needs more fails.", "work_mem: what a sort or hash may take before it goes to disk."]);
    }

    private static Advice OfDeadRows(Cause.DeadRows cause)
    {
        var worst = cause.Relations[0];
        var names = string.Join(", ", cause.Relations.Select(relation => $"{Shown.Name($"{relation.Database}.{relation.Schema}.{relation.Name}")} ({Shown.Size(relation.DeadBytes ?? 0)})"));
        var found = $"About {Shown.Size(cause.Bytes)} are rows that are dead and not removed, most in {names}.";
        string[] vacuum = Shown.Identifier(worst.Schema) is { } schema && Shown.Identifier(worst.Name) is { } name ? [$"VACUUM (ANALYZE) {schema}.{name};"] : [];
        const string Then = " VACUUM then makes their space free for new rows; the file itself stays as large.";
        var where = $" (in the database {Shown.Name(worst.Database)})";
        if (!cause.HoldersSeen) return new Advice($"{found} What keeps them was not seen.{Then}{where}", vacuum, []);
        if (cause.Holder is not { } holder) return new Advice($"{found} Nothing keeps them: autovacuum is behind.{Then}{where}", vacuum, ["autovacuum_vacuum_cost_limit, autovacuum_max_workers: how fast autovacuum may be."]);
        var (who, first, parameters) = Release(holder);
        return new Advice($"{found} They are kept by {who}.{Then}{where}", [.. first, .. vacuum], parameters);
    }

    private static (string Who, IReadOnlyList<string> First, IReadOnlyList<string> Parameters) Release(XminHolder holder)
    {
        var since = holder.Since is { } at ? $" since {Shown.Time(at)}" : "";
        var age = string.Create(CultureInfo.InvariantCulture, $"{holder.Age} transactions");
        return holder.Kind switch
        {
            HolderKind.Backend => ($"session {Shown.Name(holder.Id)} of {Shown.Name(holder.Role)}, application {Shown.Name(holder.Application)}, from {Shown.Name(holder.Address)}, {Shown.Name(holder.State)}{since} ({age})",
                [.. Terminate(int.TryParse(holder.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null, holder.BackendStart)],
                ["idle_in_transaction_session_timeout: ends sessions that do nothing in a transaction."]),
            HolderKind.StandbyFeedback => ($"a query on the standby {Shown.Name(holder.Id)}, which sends hot_standby_feedback ({age})", [], ["hot_standby_feedback (of the replica): whether its queries keep rows here."]),
            HolderKind.PreparedTransaction => ($"the prepared transaction {Shown.Name(holder.Id)} of {Shown.Name(holder.Role)} in the database {Shown.Name(holder.Database)}{since} ({age}); whoever coordinates it must decide",
                Shown.Literal(holder.Id) is { } gid ? [$"ROLLBACK PREPARED {gid};"] : [], []),
            HolderKind.SlotXmin => ($"the replication slot {Shown.Name(holder.Id)}, which remembers its standby's oldest query ({age})", [], [KeepLimit]),
            HolderKind.SlotCatalogXmin => ($"the logical replication slot {Shown.Name(holder.Id)}, which keeps catalog rows ({age})", [], [KeepLimit]),
            _ => throw new ArgumentOutOfRangeException(nameof(holder), holder.Kind, "Not a holder."),
        };
    }

    private static string DataSentence(Cause.Data cause)
    {
        var sizes = cause.Growing.Count > 0
            ? $"Growing fastest: {string.Join(", ", cause.Growing.Select(one => $"{Full(one.Relation)} (+{Shown.Size(one.Bytes)}{(one.AtLeast ? " at least" : "")}, now {Shown.Size(one.Relation.Bytes)})"))}"
            : $"Largest: {string.Join(", ", cause.Largest.Select(relation => $"{Full(relation)} ({Shown.Size(relation.Bytes)})"))}";
        var rest = cause.Rest is > 0 and { } others ? $"; all others together {(cause.Growing.Count > 0 ? "+" : "")}{Shown.Size(others)}" : "";
        var large = cause.LargeObjects is > 0 and { } bytes ? $" Large objects: +{Shown.Size(bytes)}." : "";
        return $"It is data{Rate(cause.BytesPerDay)}. {sizes}{rest}.{large}";
    }

    private static string Short(string name) => Printable.Line(Shown.Name(name), LongestShort);

    private static string Full(RelationBytes relation) => Shown.Name($"{relation.Database}.{relation.Schema}.{relation.Name}");

    private static string Describe(ReplicationSlot slot) => slot.Type == "logical"
        ? $"{Shown.Name(slot.Name)} (logical, plugin {Shown.Name(slot.Plugin)}, database {Shown.Name(slot.Database)})"
        : $"{Shown.Name(slot.Name)} (physical)";

    private static string Consumer(SlotConsumer consumer) =>
        $"{Shown.Name(consumer.Role)}, application {Shown.Name(consumer.Application)}, from {Shown.Name(consumer.Address)}";

    private static string User(TemporaryUser user)
    {
        var process = user.Pid is { } pid ? string.Create(CultureInfo.InvariantCulture, $"process {pid}") : "an unknown process";
        return user.Role is { } role
            ? $"{process} ({Shown.Name(role)}, application {Shown.Name(user.Application)}, from {Shown.Name(user.Address)}, database {Shown.Name(user.Database)})"
            : $"{process}, whose session is gone or hidden from us";
    }

    private static string In(ReplicationSlot slot) => slot.Database is { } database ? $" while connected to the database {Shown.Name(database)}" : "";

    private static bool IsOfRds(ReplicationSlot slot) => slot.Type == "physical" && slot.Name.StartsWith("rds_", StringComparison.Ordinal);

    /// <summary>That session only: by the time a person runs it, its pid may be another's.</summary>
    private static IEnumerable<string> Terminate(int? pid, DateTimeOffset? backendStart)
    {
        if (pid is { } known && backendStart is { } start)
            yield return string.Create(CultureInfo.InvariantCulture, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = {known} AND backend_start = '{start.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffffZ}';");
    }

    /// <summary>Only while nobody has it: its consumer may be back by the time a person runs it.</summary>
    private static IReadOnlyList<string> Drop(ReplicationSlot slot) => Shown.Literal(slot.Name) is { } name
        ? [$"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = {name} AND NOT active;"] : [];

    private static string Rate(double? bytesPerDay) => bytesPerDay is > 0 and { } rate ? $", {Shown.Size((long)rate)} more a day" : "";
}
