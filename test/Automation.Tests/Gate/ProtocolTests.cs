using System.Buffers.Binary;
using System.Text;
using Automation.Lab.Gate.Protocol;

namespace Automation.Tests.Gate;

public sealed class ProtocolTests
{
    private const int Version3 = 3 << 16;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadRequest_Startup_HoldsParametersAndThePacketAsItCame()
    {
        var packet = Packets.First(Version3, "user\0ä\0database\0orders\0\0");

        var startup = Assert.IsType<ClientRequest.Startup>(await ReadAsync(packet)).Message;

        Assert.Equal(("ä", "orders", 3, 0), (startup.User, startup.Database, startup.Major, startup.Minor));
        Assert.Equal(packet, startup.Packet.ToArray());
    }

    [Theory]
    [InlineData(80877103, typeof(ClientRequest.Ssl))]
    [InlineData(80877104, typeof(ClientRequest.GssEncryption))]
    [InlineData(80877102, typeof(ClientRequest.Cancel))]
    public async Task ReadRequest_Code_TellsTheRequest(int code, Type expected) =>
        Assert.IsType(expected, await ReadAsync(Packets.First(code, "")));

    [Fact]
    public async Task ReadRequest_MoreBytesThanTheRequest_AreLeftForTheHandshake()
    {
        using var stream = new MemoryStream([.. Packets.First(80877103, ""), 0x16]);

        await ClientRequest.ReadAsync(stream, Stop);

        Assert.Equal(0x16, stream.ReadByte());
    }

    [Theory]
    [InlineData("user\0app\0user\0postgres\0\0")]
    [InlineData("user\0app")]
    [InlineData("user\0app\0")]
    [InlineData("user\0app\0\0more")]
    [InlineData("user")]
    [InlineData("")]
    public async Task ReadRequest_MalformedParameters_AreRefused(string body) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(Packets.First(Version3, body)));

    [Fact]
    public async Task ReadRequest_NotUtf8_IsRefused() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(Packets.First(Version3, [0xff, 0, 0, 0])));

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(10_001)]
    [InlineData(-1)]
    [InlineData(0x16030100)]
    public async Task ReadRequest_ImpossibleLength_IsRefusedBeforeItIsRead(int length)
    {
        var packet = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(packet, length);

        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(packet));
    }

    [Fact]
    public async Task ReadRequest_ClientLeaves_IsAnEnd() =>
        await Assert.ThrowsAsync<EndOfStreamException>(() => ReadAsync([0, 0]));

    [Fact]
    public async Task Fatal_ReadBack_HoldsItsSqlState()
    {
        var error = await ReadMessageAsync(Message.Fatal("57P03", "the database system is starting up").Packet.ToArray());

        Assert.Equal((Message.ErrorResponse, "57P03"), (error.Type, error.SqlState));
        Assert.Equal("SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0", Encoding.UTF8.GetString(error.Body));
    }

    [Theory]
    [InlineData("secret\0", "secret")]
    [InlineData("\0", "")]
    [InlineData("secret", null)]
    [InlineData("sec\0ret\0", null)]
    [InlineData("", null)]
    public async Task PasswordText_Body_MustBeOneText(string body, string? text)
    {
        var message = await ReadMessageAsync(Encode('p', body));

        if (text is null) Assert.Throws<InvalidDataException>(() => message.PasswordText);
        else Assert.Equal(text, message.PasswordText);
    }

    [Fact]
    public async Task AuthenticationCode_OfAnotherMessage_IsRefused()
    {
        var message = await ReadMessageAsync(Encode('R', "abc"));

        Assert.Throws<InvalidDataException>(() => message.AuthenticationCode);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(65_540)]
    [InlineData(-5)]
    public async Task ReadMessage_ImpossibleLength_IsRefusedBeforeItIsRead(int length)
    {
        var packet = new byte[5];
        packet[0] = (byte)'p';
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(1), length);

        await Assert.ThrowsAsync<InvalidDataException>(() => ReadMessageAsync(packet));
    }

    private static async Task<ClientRequest> ReadAsync(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return await ClientRequest.ReadAsync(stream, Stop);
    }

    private static async Task<Message> ReadMessageAsync(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return await Message.ReadAsync(stream, Stop);
    }

    private static byte[] Encode(char type, string body)
    {
        var packet = new byte[5 + body.Length];
        packet[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(1), 4 + body.Length);
        Encoding.UTF8.GetBytes(body).CopyTo(packet, 5);
        return packet;
    }
}
