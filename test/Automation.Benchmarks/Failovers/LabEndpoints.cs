namespace Automation.Benchmarks.Failovers;

/// <summary>What the process with the servers tells the one with the clients.</summary>
/// <param name="Version">Of PostgreSQL.</param>
/// <param name="Port">Of the writer's endpoint, and of the readers'.</param>
/// <param name="ProxyHost">Of the RDS Proxy.</param>
/// <param name="ReaderHost"><c>null</c> of an instance.</param>
/// <param name="Bundle">The certificates to trust.</param>
/// <param name="Primary">Process id of the primary's postmaster.</param>
/// <param name="Standby">Process id of the standby's.</param>
internal sealed record LabEndpoints(string Version, int Port, string ProxyHost, string? ReaderHost, string Bundle, int Primary, int Standby);
