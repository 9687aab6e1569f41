namespace Automation.Snapshots;

/// <summary>A Region that copies go to; <paramref name="Place"/> is <c>null</c> when it could not be read.</summary>
internal sealed record Destination(string Region, Place? Place, CopyKey Key, string Trouble = "");
