using Automation.Lab.Lambda;

namespace Automation.LabTests.Lambda;

/// <summary>The line at the end of an invocation.</summary>
public sealed class InvocationReportTests
{
    private static readonly InvocationReport Warm = new()
    {
        RequestId = "8f507cfc-xmpl-4697-b07a-ac58fc914c95",
        Duration = TimeSpan.FromMilliseconds(12.344),
        MemorySizeMB = 512,
        MaxMemoryUsedMB = 77,
    };

    [Fact]
    public void ToString_WarmStart_IsLambdasLine() => Assert.Equal(
        "REPORT RequestId: 8f507cfc-xmpl-4697-b07a-ac58fc914c95\tDuration: 12.34 ms\tBilled Duration: 13 ms\t"
        + "Memory Size: 512 MB\tMax Memory Used: 77 MB", Warm.ToString());

    [Fact]
    public void ToString_ColdStartThatTimedOut_BillsInitAndSaysSo() => Assert.Equal(
        "REPORT RequestId: 8f507cfc-xmpl-4697-b07a-ac58fc914c95\tDuration: 12.34 ms\tBilled Duration: 268 ms\t"
        + "Memory Size: 512 MB\tMax Memory Used: 77 MB\tInit Duration: 254.90 ms\tStatus: timeout",
        (Warm with { InitDuration = TimeSpan.FromMilliseconds(254.9), Status = "timeout" }).ToString());
}
