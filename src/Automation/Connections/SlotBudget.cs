namespace Automation.Connections;

/// <summary>
/// The connection slots of a server and who they are kept for. Read from the server, never computed from the instance
/// class: on Aurora Serverless v2 and after a parameter change the formula is wrong.
/// </summary>
/// <param name="MaxConnections"><c>max_connections</c>.</param>
/// <param name="SuperuserReserved"><c>superuser_reserved_connections</c>.</param>
/// <param name="Reserved"><c>reserved_connections</c> (PostgreSQL 16 and later; 0 before).</param>
/// <param name="RdsReserved"><c>rds.rds_superuser_reserved_connections</c> (0 where RDS does not set it).</param>
internal sealed record SlotBudget(int MaxConnections, int SuperuserReserved, int Reserved, int RdsReserved)
{
    /// <summary>Slots that an ordinary role can take before PostgreSQL answers 53300.</summary>
    public int Usable => Math.Max(0, MaxConnections - SuperuserReserved - Reserved - RdsReserved);
}
