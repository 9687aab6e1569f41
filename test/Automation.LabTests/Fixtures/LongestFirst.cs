using Automation.LabTests.Connections;
using Automation.LabTests.Fixtures;
using Automation.LabTests.Secrets;
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
    private static readonly string[] Long = [nameof(RotationFixture), nameof(ReliefFixture)];

    public IReadOnlyCollection<T> OrderTestCollections<T>(IReadOnlyCollection<T> testCollections) where T : ITestCollection =>
        [.. testCollections.OrderBy(collection => Long.Contains(collection.TestCollectionDisplayName) ? Array.IndexOf(Long, collection.TestCollectionDisplayName) : Long.Length)];
}
