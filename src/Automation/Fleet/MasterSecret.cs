namespace Automation.Fleet;

/// <summary>The secret in which RDS keeps the password of the master user.</summary>
/// <param name="Arn">In Secrets Manager.</param>
/// <param name="Status"><c>creating</c>, <c>active</c>, <c>rotating</c> or <c>impaired</c> (RDS API reference, "MasterUserSecret").</param>
internal sealed record MasterSecret(string Arn, string Status);
