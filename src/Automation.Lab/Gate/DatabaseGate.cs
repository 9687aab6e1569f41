using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Automation.Lab.Gate.Borrowing;

namespace Automation.Lab.Gate;

/// <summary>
/// What stands where RDS's endpoints stand: TLS, real verification of IAM tokens, and the ways in which an endpoint is
/// seen to fail. Behind it is a real PostgreSQL server that trusts it.
/// </summary>
internal sealed class DatabaseGate : IAsyncDisposable
{
    private readonly GateOptions options;
    private readonly SslStreamCertificateContext certificate;
    private readonly GateCounters counters = new();
    private readonly Lock sync = new();
    private readonly Dictionary<GateSession, Task> sessions = [];
    private readonly IPEndPoint address;
    private Socket socket;
    private Task accepting = Task.CompletedTask;
    private GateMode mode;
    private CancellationTokenSource replaced = new();
    private volatile Writer writer;

    private DatabaseGate(GateOptions options)
    {
        this.options = options;
        writer = new Writer(options.Backend, replaced.Token);
        certificate = SslStreamCertificateContext.Create(options.Certificate, additionalCertificates: null, offline: true);
        socket = Bind(options.Listen);
        address = (IPEndPoint)socket.LocalEndPoint!;
        Listen();
    }

    /// <summary>The port listened on.</summary>
    public int Port => address.Port;

    /// <summary>
    /// The server that new sessions go to. Open ones stay where they are, but for those of a proxy's IAM users: they go
    /// there with the next request after the transaction they are in.
    /// </summary>
    public IPEndPoint Backend
    {
        get => writer.Address;
        set
        {
            CancellationTokenSource former;
            lock (sync)
            {
                if (value.Equals(writer.Address)) return;
                former = replaced;
                replaced = new CancellationTokenSource();
                writer = new Writer(value, replaced.Token);
            }
            former.Cancel();
        }
    }

    /// <summary>How the endpoint behaves from now on.</summary>
    /// <exception cref="SocketException">Another process took the port at the moment it was given up.</exception>
    public GateMode Mode
    {
        get
        {
            lock (sync) return mode;
        }

        set
        {
            GateSession[] open;
            lock (sync)
            {
                if (value == mode) return;
                if (mode == GateMode.Refusing) Listen();
                if (value == GateMode.Refusing) StopListening();
                mode = value;
                open = [.. sessions.Keys];
            }
            if (value != GateMode.Silent) return;
            foreach (var session in open) session.Silence();
        }
    }

    public GateCounts Counts
    {
        get
        {
            lock (sync) return counters.Read(sessions.Count);
        }
    }

    internal Writer Writer => writer;

    internal int PublicPort => options.PublicPort ?? Port;

    public static DatabaseGate Start(GateOptions options) => new(options);

    /// <summary>Breaks every connection off, as a crash does: both sides get a reset.</summary>
    public void DropConnections()
    {
        GateSession[] open;
        lock (sync) open = [.. sessions.Keys];
        foreach (var session in open) session.Drop();
    }

    public async ValueTask DisposeAsync()
    {
        lock (sync) socket.Dispose();
        await accepting;
        Task[] running;
        lock (sync) running = [.. sessions.Values];
        DropConnections();
        await Task.WhenAll(running);
    }

    internal void Report(GateEvent happened)
    {
        counters.Count(happened);
        options.OnEvent?.Invoke(happened);
    }

    private static Socket Bind(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(endpoint);
        return socket;
    }

    private void Listen()
    {
        socket.Listen(backlog: 1024);
        accepting = AcceptAsync(socket);
    }

    // A socket that is bound and does not listen keeps the port, and the kernel refuses its connections.
    private void StopListening()
    {
        // Closing alone may leave it open for a moment: a process that is being started holds a copy until it is exec'ed.
        socket.Shutdown(SocketShutdown.Both);
        socket.Dispose();
        socket = Bind(address);
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            try
            {
                Begin(await listener.AcceptAsync());
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            {
                // The client left while it waited to be accepted.
            }
            catch (Exception e) when (e is ObjectDisposedException
                or SocketException { SocketErrorCode: SocketError.OperationAborted or SocketError.InvalidArgument })
            {
                // Closed by us; Linux answers an accept that meets the closing with EINVAL.
                return;
            }
        }
    }

    private void Begin(Socket client)
    {
        var session = new GateSession(this, options, certificate, client);
        lock (sync)
        {
            if (mode == GateMode.Silent) session.Silence();
            // On the pool: the session's first steps may run without waiting, and this task has to accept the next one.
            sessions.Add(session, Task.Run(async () =>
            {
                await session.RunAsync();
                lock (sync) sessions.Remove(session);
            }));
        }
    }
}
