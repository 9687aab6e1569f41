using System.Net;
using System.Net.Sockets;
using Automation.Lab.Setup;

namespace Automation.LabTests.Setup;

public sealed class FreePortTests
{
    [Fact]
    public void Next_ManyTimes_NeverTheSameAndEachFree()
    {
        var ports = Enumerable.Range(0, 50).Select(_ => FreePort.Next()).ToList();

        Assert.Equal(ports.Count, ports.Distinct().Count());
        using var listener = new TcpListener(IPAddress.Loopback, ports[^1]);
        listener.Start();
    }
}
