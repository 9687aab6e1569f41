namespace Automation.Lab.Storage;

/// <summary>What befell a volume.</summary>
internal enum VolumeChange
{
    /// <summary>Less than a tenth of it became free.</summary>
    Low,

    /// <summary>Nothing is free: the server was stopped.</summary>
    Full,

    /// <summary>There is room again: the server was started.</summary>
    Resumed,
}
