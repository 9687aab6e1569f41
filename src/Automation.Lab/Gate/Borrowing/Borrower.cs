using System.Net;
using System.Net.Sockets;
using Automation.Lab.Gate.Protocol;

namespace Automation.Lab.Gate.Borrowing;

/// <summary>Opens sessions at the writer for one client of a proxy, and lets it wait while there is none.</summary>
internal sealed class Borrower(DatabaseGate gate, StartupMessage startup, IPAddress client, Patience patience)
{
    /// <exception cref="TimeoutException">There was no writer within the borrow timeout.</exception>
    /// <exception cref="EndOfStreamException">The client left while it waited.</exception>
    /// <exception cref="InvalidDataException">The server does not speak the protocol.</exception>
    public Task<Loan> BorrowAsync(CancellationToken stop) => patience.WaitAsync(TryAsync, stop);

    private async Task<Loan> TryAsync(CancellationToken cancellation)
    {
        var writer = gate.Writer;
        // A server that says nothing must not hold up a client when the writer is another.
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellation, writer.Replaced);
        var socket = await BackendSocket.ConnectAsync(writer.Address, client, attempt.Token);
        Loan? loan = null;
        try
        {
            loan = await LogInAsync(new RelayEnd(new NetworkStream(socket, ownsSocket: false), socket), writer, attempt.Token);
            return loan;
        }
        finally
        {
            if (loan is null or Loan.Refused) socket.Dispose();
        }
    }

    private async Task<Loan> LogInAsync(RelayEnd server, Writer writer, CancellationToken cancellation)
    {
        await server.Stream.WriteAsync(startup.Packet, cancellation);
        var first = await Message.ReadAsync(server.Stream, cancellation);
        if (first.Type == Message.ErrorResponse) return Refused(first);
        if (first.AuthenticationCode != Message.AuthenticationOk) return new Loan.Challenge(server, first);

        var greeting = await Greeting.ReadAsync(server.Stream, cancellation);
        if (greeting.Refusal is { } error) return Refused(error);
        return greeting.InRecovery ? throw new IOException("The server is a standby.") : new Loan.Ready(server, writer, greeting);
    }

    // 57P01 and 57P02: it stops or crashes at this moment; 57P03: it starts, recovers or stops. All other errors are answers.
    private static Loan.Refused Refused(Message error) => error.SqlState is "57P01" or "57P02" or "57P03"
        ? throw new IOException($"The server lets nobody in at the moment: {error.SqlState}.")
        : new Loan.Refused(error);
}
