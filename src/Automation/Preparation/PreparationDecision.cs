using Automation.Outcomes;

namespace Automation.Preparation;

/// <summary>What follows from a plan.</summary>
internal abstract record PreparationDecision
{
    private PreparationDecision()
    {
    }

    /// <summary>The role is right already.</summary>
    public sealed record Nothing : PreparationDecision;

    /// <summary>A person reads the plan.</summary>
    public sealed record Show : PreparationDecision;

    /// <summary>It is made so.</summary>
    public sealed record Apply : PreparationDecision;

    /// <summary>The script could not do its work.</summary>
    public sealed record Stop(Obstacle Obstacle) : PreparationDecision;

    /// <param name="run">The plan.</param>
    /// <param name="mode">The weaker of the function's mode and the one that was asked for.</param>
    public static PreparationDecision Of(BootstrapRun run, Mode mode) => run switch
    {
        BootstrapRun.Refused refused => new Stop(ObstacleRules.Of(refused)),
        BootstrapRun.Ran { Steps.Count: 0 } => new Nothing(),
        BootstrapRun.Ran => mode == Mode.Act ? new Apply() : new Show(),
        _ => throw new ArgumentOutOfRangeException(nameof(run), run.GetType(), "Not a run."),
    };
}
