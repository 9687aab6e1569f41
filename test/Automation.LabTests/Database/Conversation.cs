using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Automation.LabTests.Database;

/// <summary>
/// One client's connection, as the server end sees it: enough of PostgreSQL's protocol 3.0 to lead a client astray, and
/// every byte the client sent.
/// </summary>
internal sealed class Conversation(Socket socket, CancellationToken stopped) : IAsyncDisposable
{
    private readonly NetworkStream network = new(socket, ownsSocket: true);
    private readonly TaskCompletionSource stuck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RecordingStream? wire;
    private RecordingStream? plain;
    private int beforeTls;

    /// <summary>Everything, as it came over the wire.</summary>
    public byte[] Wire => Outer.Read();

    /// <summary>What came before TLS began; everything where it never did.</summary>
    public byte[] InTheClear => plain is null ? Wire : Wire[..beforeTls];

    /// <summary>What came inside TLS, decrypted.</summary>
    public byte[] InsideTls => plain?.Read() ?? [];

    /// <summary>Ends when the script has got to <see cref="GetStuckAsync"/>.</summary>
    public Task Stuck => stuck.Task;

    private RecordingStream Outer => wire ??= new RecordingStream(network);

    private Stream Current => plain ?? (Stream)Outer;

    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await Current.ReadExactlyAsync(bytes, stopped);
        return bytes;
    }

    /// <summary>SSLRequest, CancelRequest or the startup message: a length and the rest.</summary>
    public async Task<byte[]> ReadUntypedAsync() =>
        await ReadAsync(BinaryPrimitives.ReadInt32BigEndian(await ReadAsync(4)) - 4);

    /// <summary>The next message's body; the type is its first byte.</summary>
    public async Task<string> ReadMessageAsync()
    {
        var type = (char)(await ReadAsync(1))[0];
        return type + Encoding.UTF8.GetString(await ReadUntypedAsync()).TrimEnd('\0');
    }

    public async Task WriteAsync(params byte[] bytes)
    {
        await Current.WriteAsync(bytes, stopped);
        await Current.FlushAsync(stopped);
    }

    /// <summary>Answers the client's SSLRequest with yes, and with what else is given, and makes the handshake.</summary>
    public async Task StartTlsAsync(X509Certificate2 certificate, params byte[] behindTheYes)
    {
        await ReadUntypedAsync();
        await WriteAsync([(byte)'S', .. behindTheYes]);
        beforeTls = Wire.Length;
        var tls = new SslStream(Outer);
        var context = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = context }, stopped);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            // The client turned away; with TLS 1.3 it may do so only after the server's side is done.
        }
        plain = new RecordingStream(tls);
    }

    public Task AskForAuthenticationAsync(int kind, params byte[] rest) => WriteAsync(Messages.Authentication(kind, rest));

    public async Task LetInAsync()
    {
        await AskForAuthenticationAsync(Messages.Ok);
        await WriteAsync([.. Messages.Parameter("server_version", "16.4"), .. Messages.Parameter("client_encoding", "UTF8"),
            .. Messages.Of('K', 0, 0, 0, 42, 0, 0, 0, 7), .. Messages.Of('Z', (byte)'I')]);
    }

    /// <summary>Reads on until the client hangs up, so that nothing it sends is missed.</summary>
    public async Task DrainAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (await Current.ReadAsync(buffer, stopped) > 0) { }
        }
        catch (Exception e) when (e is IOException or AuthenticationException or InvalidOperationException)
        {
            // Reset, or a handshake that never was: the client is gone.
        }
    }

    /// <summary>Answers nothing any more until the test is over.</summary>
    public async Task GetStuckAsync()
    {
        stuck.TrySetResult();
        await Task.Delay(Timeout.Infinite, stopped);
    }

    public ValueTask DisposeAsync() => network.DisposeAsync();
}
