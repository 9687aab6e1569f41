using Automation.LabTests.Connections;
using Automation.LabTests.Failover;
using Automation.LabTests.Fixtures;
using Automation.LabTests.Packaging;
using Automation.LabTests.Secrets;
using Automation.LabTests.Setup;
using Automation.LabTests.Snapshots;
using Automation.LabTests.Soak;
using Automation.LabTests.Storage;
using Automation.LabTests.Story;
using Automation.LabTests.Template;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Automation.LabTests.Fixtures;

/// <summary>
/// Begins with the collections that take minutes. A collection is one test after the other: begun late, it would be what all
/// the others, done long ago, wait for.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // As a collection is displayed: by its name, or by that of its class in a sentence.
    private static readonly string[] Long =
    [
        nameof(RotationMatrixTests), nameof(RotationGuardTests), nameof(StorageFixture), nameof(FaultMatrixTests),
        nameof(FailoverFixture), nameof(SoakTests), nameof(RotationFixture), nameof(ReliefFixture), nameof(FleetTests), nameof(PackageTests),
        nameof(StoryRunTests), nameof(LintTests), nameof(PythonEnvironmentTests),
    ];

    public IReadOnlyCollection<T> OrderTestCollections<T>(IReadOnlyCollection<T> testCollections) where T : ITestCollection =>
        [.. testCollections.OrderBy(collection => PlaceOf(collection.TestCollectionDisplayName))];

    private static int PlaceOf(string collection)
    {
        var place = Array.FindIndex(Long, name => collection.Contains(name, StringComparison.Ordinal));
        return place < 0 ? Long.Length : place;
    }
}
