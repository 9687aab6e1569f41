namespace Automation.Lab.Gate;

/// <summary>
/// The slots RDS keeps for members of <c>rds_superuser</c> (<c>rds.rds_superuser_reserved_connections</c>). PostgreSQL has
/// such a reserve from 16 on; before, RDS's server is patched, and in the lab the gate stands in for the patch: it is the
/// only way in for everybody but the lab itself.
/// </summary>
/// <param name="ordinarySlots">What all other roles together may hold.</param>
/// <param name="mayUseReserve">Whether a role is let in beyond that.</param>
internal sealed class SlotReserve(int ordinarySlots, Func<string, bool> mayUseReserve)
{
    private int taken;

    /// <summary>A slot, given back by disposing it; <c>null</c> when only reserved ones are left and they are not for this user.</summary>
    public IDisposable? TryEnter(string user)
    {
        if (mayUseReserve(user)) return new Slot(null);
        if (Interlocked.Increment(ref taken) <= ordinarySlots) return new Slot(this);
        Interlocked.Decrement(ref taken);
        return null;
    }

    private sealed class Slot(SlotReserve? owner) : IDisposable
    {
        private SlotReserve? owner = owner;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref owner, null) is { } reserve) Interlocked.Decrement(ref reserve.taken);
        }
    }
}
