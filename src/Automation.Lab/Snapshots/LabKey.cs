namespace Automation.Lab.Snapshots;

/// <summary>A KMS key.</summary>
/// <param name="Arn">Names it in every Region; it works in its own alone.</param>
/// <param name="IsEnabled">Whether it may be used.</param>
internal sealed record LabKey(string Arn, bool IsEnabled);
