using Automation.Database;
using Automation.Fleet;

namespace Automation.Preparation;

/// <summary>How far a run came.</summary>
internal sealed record PreparationReport
{
    public required RdsDatabase Database { get; init; }

    /// <summary>The role that is prepared.</summary>
    public required string Role { get; init; }

    public required BootstrapRun.Ran Plan { get; init; }

    /// <summary><c>null</c>: the server's answer to the COMMIT was lost.</summary>
    public required bool? Applied { get; init; }

    /// <summary>After a change; <c>null</c> where nothing was changed.</summary>
    public MasterLogin? Master { get; init; }

    /// <summary>Of the role itself; <c>null</c> where it was not asked.</summary>
    public Attempt<IReadOnlyList<SelfCheck>>? Test { get; init; }
}
