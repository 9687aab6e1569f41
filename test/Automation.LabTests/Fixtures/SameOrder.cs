using System.Security.Cryptography;
using System.Text;
using Automation.LabTests.Fixtures;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCaseOrderer(typeof(SameOrder))]

namespace Automation.LabTests.Fixtures;

/// <summary>
/// The tests of a class of this project in the same mixed order wherever the checkout is; another with <c>TEST_ORDER=2</c>. xunit's own depends on the
/// path, so that a test which needs what another one left passes in one folder and fails in the next.
/// </summary>
public sealed class SameOrder : ITestCaseOrderer
{
    private static readonly string Order = Environment.GetEnvironmentVariable("TEST_ORDER") is { Length: > 0 } order ? order : "1";

    public IReadOnlyCollection<T> OrderTestCases<T>(IReadOnlyCollection<T> testCases) where T : notnull, ITestCase =>
        [.. testCases.OrderBy(test => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Order} {test.TestCaseDisplayName}"))), StringComparer.Ordinal)];
}
