namespace Automation;

/// <summary>The tag that marks a database as fit for failover tests; key and value are case-sensitive, as AWS compares them.</summary>
internal sealed record StagingTag(string Key, string Value);
