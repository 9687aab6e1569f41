using Automation.Lab.Template;

namespace Automation.Lab.Account;

/// <summary>What an account on this machine is made of.</summary>
internal sealed record LabAccountOptions
{
    /// <summary>The server that speaks AWS's protocols.</summary>
    public required Uri Moto { get; init; }

    /// <summary>The text of <c>template.yaml</c>.</summary>
    public required string Template { get; init; }

    /// <summary>Parameter values, Region, account and stack name.</summary>
    public TemplateInputs Inputs { get; init; } = new();

    /// <summary>The clock, and how much AWS's waits are shortened.</summary>
    public required LabClock Clock { get; init; }

    /// <summary>How often metrics are sampled, in AWS time.</summary>
    public TimeSpan SampleInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often Secrets Manager tries a rotation.</summary>
    public int RotationAttempts { get; init; } = 3;

    /// <summary>How long it waits between two attempts, in AWS time.</summary>
    public TimeSpan RotationPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Equal seeds give equal faults.</summary>
    public int Seed { get; init; } = 1;
}
