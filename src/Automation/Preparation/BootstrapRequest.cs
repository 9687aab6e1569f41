namespace Automation.Preparation;

/// <summary>The settings of <c>sql/bootstrap.sql</c> that may be chosen here. To adopt a role, or to give it one of RDS's own, is for a person with psql.</summary>
/// <param name="Role"><c>automation.role</c>.</param>
/// <param name="Rotates"><c>automation.rotates</c>.</param>
/// <param name="TestsFailover"><c>automation.tests_failover</c>.</param>
internal sealed record BootstrapRequest(string Role, IReadOnlyList<string> Rotates, bool TestsFailover);
