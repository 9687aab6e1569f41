namespace Automation.Storage.Bytes;

/// <summary>Why a volume fills, with what a person needs to end it. Bytes are measured, and never guessed from names.</summary>
internal abstract record Cause
{
    private Cause()
    {
    }

    /// <summary>In kebab-case, as it stands in an outcome's details.</summary>
    public abstract string Code { get; }

    /// <summary>Nobody reads a replication slot, and its WAL is kept for whoever may come back.</summary>
    /// <param name="Slot">As it is now.</param>
    /// <param name="Bytes">WAL kept for it.</param>
    /// <param name="LastConsumer">Who had it when last seen; <c>null</c>: never seen.</param>
    /// <param name="Since">Nobody has had it since then, or, where PostgreSQL does not tell (before 17), since before then.</param>
    /// <param name="BytesPerDay">What it keeps more; <c>null</c>: not known yet.</param>
    public sealed record AbandonedSlot(ReplicationSlot Slot, long Bytes, SlotConsumer? LastConsumer, DateTimeOffset? Since, double? BytesPerDay) : Cause
    {
        public override string Code => "abandoned-slot";
    }

    /// <summary>A slot's consumer is connected and does not keep up.</summary>
    /// <param name="Slot">As it is now, with its consumer where that is known.</param>
    /// <param name="Bytes">WAL kept for it.</param>
    /// <param name="BytesPerDay">What it keeps more; <c>null</c>: not known yet.</param>
    public sealed record LaggingSlot(ReplicationSlot Slot, long Bytes, double? BytesPerDay) : Cause
    {
        public override string Code => "lagging-slot";
    }

    /// <summary>Sorts and hashes that do not fit in memory.</summary>
    /// <param name="Bytes">On disk now, as far as it is shown.</param>
    /// <param name="Written">Temporary files removed since the earlier measurement; <c>null</c>: there is none.</param>
    /// <param name="Users">Who has files now, most bytes first.</param>
    public sealed record RunawayTemporary(long Bytes, long? Written, IReadOnlyList<TemporaryUser> Users) : Cause
    {
        public override string Code => "runaway-temporary";
    }

    /// <summary>The server's own logs.</summary>
    /// <param name="Bytes">Of all log files.</param>
    /// <param name="BytesPerDay">What they are more; <c>null</c>: not known yet.</param>
    public sealed record Logs(long Bytes, double? BytesPerDay) : Cause
    {
        public override string Code => "logs";
    }

    /// <summary>Rows that nobody sees any more, and that no vacuum has removed.</summary>
    /// <param name="Relations">With most dead bytes first.</param>
    /// <param name="Bytes">Dead, estimated.</param>
    /// <param name="Holder">What keeps them from being removed; <c>null</c>: nothing does and vacuum is behind, or it was not seen.</param>
    /// <param name="HoldersSeen">Whether what keeps rows was seen.</param>
    public sealed record DeadRows(IReadOnlyList<RelationBytes> Relations, long Bytes, XminHolder? Holder, bool HoldersSeen) : Cause
    {
        public override string Code => "dead-rows";
    }

    /// <summary>Data: more of it is what the volume is for.</summary>
    /// <param name="Growing">Those that matter, the fastest first; empty: not known yet.</param>
    /// <param name="Largest">Those that matter, the largest first.</param>
    /// <param name="Rest">All tables and indexes that are not named: how much they grew, or where that is not known how large they are; <c>null</c>: not known.</param>
    /// <param name="LargeObjects">What large objects are more; <c>null</c>: not known.</param>
    /// <param name="BytesPerDay">Of tables, indexes and large objects together; <c>null</c>: not known yet.</param>
    public sealed record Data(IReadOnlyList<RelationGrowth> Growing, IReadOnlyList<RelationBytes> Largest, long? Rest, long? LargeObjects, double? BytesPerDay) : Cause
    {
        public override string Code => "data";
    }

    /// <summary>What grew is not among what can be seen.</summary>
    /// <param name="Why">A sentence.</param>
    public sealed record Unknown(string Why) : Cause
    {
        public override string Code => "unknown";
    }
}
