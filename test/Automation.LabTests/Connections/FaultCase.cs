using Automation.Lab.Account;

namespace Automation.LabTests.Connections;

/// <summary>How a run is disturbed at one of its AWS calls.</summary>
internal enum Disturbance
{
    Throttle,
    InternalError,
    Silence,
    Drop,
    ApplyThenInternalError,
    ApplyThenDrop,

    /// <summary>The process is ended before the call does anything.</summary>
    DiesBefore,

    /// <summary>The process is ended when the call was made, before it hears the answer.</summary>
    DiesAfter,
}

/// <summary>One cell of the matrix.</summary>
/// <param name="Service">Of the call.</param>
/// <param name="Action">Of the call.</param>
/// <param name="Position">How many calls of the same action come before it.</param>
/// <param name="Disturbance">What goes wrong.</param>
/// <param name="Lasting">From this call on until the run ends, with no retry by the SDK; else once, and the SDK retries.</param>
internal sealed record FaultCase(string Service, string Action, int Position, Disturbance Disturbance, bool Lasting)
{
    private static readonly string[] Reads = ["DescribeDBInstances", "Query"];

    public FaultKind? Fault => Disturbance switch
    {
        Disturbance.Throttle => FaultKind.Throttle,
        Disturbance.InternalError => FaultKind.InternalError,
        Disturbance.Silence => FaultKind.Silence,
        Disturbance.Drop => FaultKind.Drop,
        Disturbance.ApplyThenInternalError => FaultKind.ApplyThenInternalError,
        Disturbance.ApplyThenDrop => FaultKind.ApplyThenDrop,
        Disturbance.DiesBefore or Disturbance.DiesAfter => null,
        _ => throw new ArgumentOutOfRangeException(null, Disturbance, null),
    };

    public override string ToString() => $"{Action}[{Position}] {Disturbance}{(Lasting ? ", lasting" : "")}";

    /// <summary>Every call of a run with every way in which it can go wrong.</summary>
    public static IReadOnlyList<FaultCase> Matrix(IEnumerable<(string Service, string Action)> calls) =>
    [
        .. calls.GroupBy(call => call).SelectMany(same => same.Select((call, position) => (call, position)))
            .SelectMany(_ => Enum.GetValues<Disturbance>(), (at, disturbance) => (at.call, at.position, disturbance))
            .Where(at => !IsAfterTheFact(at.disturbance) || !Reads.Contains(at.call.Action))
            .SelectMany(at => Ways(at.disturbance), (at, lasting) =>
                new FaultCase(at.call.Service, at.call.Action, at.position, at.disturbance, lasting)),
    ];

    // Of a read nothing is done: its answer lost, or the process, is the same after it as before.
    private static bool IsAfterTheFact(Disturbance disturbance) =>
        disturbance is Disturbance.ApplyThenInternalError or Disturbance.ApplyThenDrop or Disturbance.DiesAfter;

    // The SDK's own retry may repeat what was done already; one that repeats what was not adds nothing to the lasting fault.
    private static bool[] Ways(Disturbance disturbance) =>
        disturbance is Disturbance.InternalError or Disturbance.ApplyThenInternalError or Disturbance.ApplyThenDrop ? [true, false] : [true];
}
