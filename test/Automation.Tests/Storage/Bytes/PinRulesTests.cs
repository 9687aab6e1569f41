using System.Buffers.Binary;
using System.Reflection;
using System.Text;
using Automation.Lab.Gate.Borrowing;
using Automation.Storage.Bytes;

namespace Automation.Tests.Storage.Bytes;

/// <summary>What RDS Proxy pins a session for, and that no statement of the byte table is among it.</summary>
public sealed class PinRulesTests
{
    [Theory]
    [InlineData("SET work_mem = '1MB'", "set")]
    [InlineData("SELECT 1; listen jobs", "listen")]
    [InlineData("PREPARE p AS SELECT 1", "prepare")]
    [InlineData("DISCARD ALL", "discard")]
    [InlineData("DECLARE c CURSOR FOR SELECT 1", "declare")]
    [InlineData("create temp table t (id int)", "temporary-object")]
    [InlineData("SELECT 1 INTO TEMPORARY t", "temporary-object")]
    [InlineData("SELECT pg_catalog.set_config('a.b', 'c', false)", "set-config")]
    [InlineData("SELECT nextval('s')", "nextval")]
    [InlineData("SELECT pg_try_advisory_xact_lock(7)", "pg-try-advisory-xact-lock")]
    [InlineData("SELECT set, current_setting('a') FROM t", null)]
    [InlineData("UPDATE t SET a = 1", null)]
    [InlineData("BEGIN", null)]
    public void Statement_ByEitherProtocol_PinsOrNot(string sql, string? reason)
    {
        Assert.Equal(reason, PinRules.ReasonOf(Message('Q', sql + '\0')));
        Assert.Equal(reason, PinRules.ReasonOf(Message('P', $"\0{sql}\0\0\0")));
    }

    [Fact]
    public void Statement_NamedOrLong_Pins()
    {
        Assert.Equal("named-statement", PinRules.ReasonOf(Message('P', "p1\0SELECT 1\0\0\0")));
        Assert.Equal("long-text", PinRules.ReasonOf(Message('Q', $"SELECT '{new string('x', PinRules.LongestText)}'\0")));
        Assert.Null(PinRules.ReasonOf(Message('B', "\0p1\0SET\0")));
    }

    [Fact]
    public void Watch_BytesInAnyPieces_TellsOnce()
    {
        byte[] sent = [.. Message('Q', "SELECT 1\0"), .. Message('Q', $"SELECT '{new string('x', 2 * PinRules.LongestText)}'\0"), .. Message('Q', "SET a.b = 1\0")];
        foreach (var piece in new[] { 1, 7, sent.Length })
        {
            var told = new List<string>();
            var watch = new PinWatch(told.Add);
            foreach (var part in sent.Chunk(piece)) watch.Follow(part);
            Assert.Equal(["long-text"], told);
        }
    }

    [Fact]
    public void StatementsOfTheByteTable_PinNothing()
    {
        var statements = typeof(StorageSql).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.FieldType == typeof(string)).Select(field => (string)field.GetValue(null)!)
            .Concat([StorageSql.Slots(13_0000), StorageSql.Slots(16_0000), StorageSql.Slots(18_0000)]).ToList();

        Assert.Equal(11, statements.Count);
        Assert.All(statements, sql => Assert.Null(PinRules.ReasonOf(Message('P', $"\0{sql}\0\0\0"))));
    }

    private static byte[] Message(char type, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var message = new byte[bytes.Length + 5];
        message[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), bytes.Length + 4);
        bytes.CopyTo(message, 5);
        return message;
    }
}
