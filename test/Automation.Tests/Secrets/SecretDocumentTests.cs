using Automation.Secrets;

namespace Automation.Tests.Secrets;

public sealed class SecretDocumentTests
{
    private const string Canary = "canary-Passw0rd";
    private const string Base = $$"""{"engine":"postgres","host":"db.example.com","username":"app","password":"{{Canary}}"}""";
    private const string Arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:admin-AbCdEf";
    private const string RoleRule = "a role name of 1 to 63 bytes of UTF-8 without NUL";
    private const string PairRule = "two different role names of 1 to 63 bytes of UTF-8 without NUL, one of them that of username";
    private const string Whole = "one JSON object, without comments and with nothing after it";

    private static string With(string members) => Base[..^1] + "," + members + "}";

    private static string Replace(string member, string by) => member switch
    {
        "engine" => Base.Replace("\"engine\":\"postgres\"", by, StringComparison.Ordinal),
        "host" => Base.Replace("\"host\":\"db.example.com\"", by, StringComparison.Ordinal),
        "username" => Base.Replace("\"username\":\"app\"", by, StringComparison.Ordinal),
        "password" => Base.Replace($"\"password\":\"{Canary}\"", by, StringComparison.Ordinal),
        _ => throw new ArgumentException(member, nameof(member)),
    };

    private static SecretDocument Read(string json)
    {
        var document = SecretDocument.Read(json, out var fault);
        Assert.Null(fault);
        return Assert.IsType<SecretDocument>(document);
    }

    [Fact]
    public void Read_OnlyWhatIsRequired_TakesTheDefaults()
    {
        var secret = Read(Base);

        Assert.Equal(("postgres", "db.example.com", 5432, "postgres"), (secret.Engine, secret.Host, secret.Port, secret.Database));
        Assert.Equal(("app", new Concealed(Canary)), (secret.Username, secret.Password));
        Assert.Equal((null, false, null, null), (secret.AdministratorArn, secret.IamAdministrator, secret.InstanceId, secret.ClusterId));
        Assert.Null(secret.Usernames);
    }

    [Fact]
    public void Read_EverythingThereCanBe_IsTaken()
    {
        var secret = Read($$"""
            { "ssl": true, "usernames": ["app_a", "app_b"], "username": "app_b", "password": "{{Canary}}", "engine": "aurora-postgresql",
              "host": "orders.cluster-abc.eu-central-1.rds.amazonaws.com", "port": 6432, "dbname": "orders", "masterarn": "{{Arn}}",
              "dbClusterIdentifier": "orders", "dbInstanceIdentifier": "orders-1", "note": [1, {"password": 2}] }
            """);

        Assert.Equal(("aurora-postgresql", 6432, "orders"), (secret.Engine, secret.Port, secret.Database));
        Assert.Equal(["app_a", "app_b"], secret.Usernames!);
        Assert.Equal((Arn, "orders-1", "orders"), (secret.AdministratorArn, secret.InstanceId, secret.ClusterId));
        Assert.True(Read(With("\"administrator\":\"iam\"")).IamAdministrator);
    }

    [Theory]
    [InlineData("5433")]
    [InlineData("\"5433\"")]
    public void Read_Port_MayBeNumberOrText(string port) => Assert.Equal(5433, Read(With($"\"port\":{port}")).Port);

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("\"true\"")]
    [InlineData("\"False\"")]
    [InlineData("null")]
    public void Read_Ssl_ChangesNothing(string ssl) => Assert.Equal(Read(Base).ToString(), Read(With($"\"ssl\":{ssl}")).ToString());

    [Fact]
    public void Read_NullOrEmptyOptionalMember_IsAsIfAbsent()
    {
        var secret = Read(With("""
            "port":null,"dbname":"","masterarn":null,"administrator":null,"usernames":null,"dbInstanceIdentifier":null,"dbClusterIdentifier":null
            """));

        Assert.Equal((5432, "postgres", null, false, null), (secret.Port, secret.Database, secret.AdministratorArn, secret.IamAdministrator, secret.InstanceId));
        Assert.Null(secret.Usernames);
    }

    public static TheoryData<string, string, string> Faults => new()
    {
        { "", "secret", Whole },
        { "   ", "secret", Whole },
        { Canary, "secret", Whole },
        { "null", "secret", Whole },
        { $"\"{Canary}\"", "secret", Whole },
        { $"[{Base}]", "secret", Whole },
        { Base[..^1], "secret", Whole },
        { Base[..^1] + ",}", "secret", Whole },
        { Base + "x", "secret", Whole },
        { Base + Base, "secret", Whole },
        { "\ufeff" + Base, "secret", Whole },
        { "/* " + Canary + " */" + Base, "secret", Whole },
        { Base + " // " + Canary, "secret", Whole },
        { With("\"note\":\"\ud83e\""), "secret", Whole },
        { With($"\"note\":{new string('[', 100)}{new string(']', 100)}"), "secret", Whole },
        { With($"\"note\":\"{new string('x', 65_536)}\""), "secret", "at most 65536 bytes" },
        { With($"\"note\":\"{new string('é', 32_768)}\""), "secret", "at most 65536 bytes" },
        { "{}", "username", RoleRule },
        { Replace("engine", "\"x\":1"), "engine", "postgres or aurora-postgresql" },
        { Replace("engine", "\"engine\":\"mysql\""), "engine", "postgres or aurora-postgresql" },
        { Replace("engine", "\"engine\":\"Postgres\""), "engine", "postgres or aurora-postgresql" },
        { Replace("host", "\"x\":1"), "host", "one host name or address" },
        { Replace("host", "\"host\":null"), "host", "one host name or address" },
        { Replace("host", "\"host\":7"), "host", "one host name or address" },
        { Replace("username", "\"x\":1"), "username", RoleRule },
        { Replace("username", "\"username\":[\"app\"]"), "username", RoleRule },
        { Replace("username", "\"username\":\"\""), "username", RoleRule },
        { Replace("username", "\"username\":\"  \""), "username", RoleRule },
        { Replace("username", "\"username\":\"a\\u0000b\""), "username", RoleRule },
        { Replace("username", "\"username\":\"a\\ud83e\""), "username", RoleRule },
        { Replace("username", $"\"username\":\"{new string('a', 64)}\""), "username", RoleRule },
        { Replace("username", $"\"username\":\"{new string('é', 32)}\""), "username", RoleRule },
        { Replace("password", "\"x\":1"), "password", "a password that is not empty" },
        { Replace("password", "\"password\":\"\""), "password", "a password that is not empty" },
        { Replace("password", "\"password\":null"), "password", "a password that is not empty" },
        { Replace("password", $"\"password\":[\"{Canary}\"]"), "password", "a password that is not empty" },
        { Replace("password", $"\"Password\":\"{Canary}\""), "password", "a password that is not empty" },
        { With($"\"password\":\"{Canary}2\""), "password", "a member that is there once" },
        { With($"\"password\":\"{Canary}\""), "password", "a member that is there once" },
        { With($"\"passw\\u006frd\":\"{Canary}\""), "password", "a member that is there once" },
        { With("\"username\":null"), "username", "a member that is there once" },
        { With("\"ssl\":true,\"ssl\":true"), "ssl", "a member that is there once" },
        { With("\"port\":0"), "port", "a port from 1 to 65535" },
        { With("\"port\":65536"), "port", "a port from 1 to 65535" },
        { With("\"port\":-1"), "port", "a port from 1 to 65535" },
        { With("\"port\":5432.5"), "port", "a port from 1 to 65535" },
        { With("\"port\":\"\""), "port", "a port from 1 to 65535" },
        { With("\"port\":\" 5432\""), "port", "a port from 1 to 65535" },
        { With("\"port\":\"5432;x\""), "port", "a port from 1 to 65535" },
        { With("\"port\":true"), "port", "a port from 1 to 65535" },
        { With("\"port\":99999999999"), "port", "a port from 1 to 65535" },
        { With("\"dbname\":7"), "dbname", "a database name of 1 to 63 bytes of UTF-8 without NUL" },
        { With("\"dbname\":\"a\\u0000options\""), "dbname", "a database name of 1 to 63 bytes of UTF-8 without NUL" },
        { With("\"ssl\":1"), "ssl", "true or false" },
        { With("\"ssl\":\"require\""), "ssl", "true or false" },
        { With("\"masterarn\":\"\""), "masterarn", "the ARN of a secret" },
        { With("\"masterarn\":\"admin\""), "masterarn", "the ARN of a secret" },
        { With($"\"masterarn\":\"{Arn}\\n\""), "masterarn", "the ARN of a secret" },
        { With($"\"masterarn\":[\"{Arn}\"]"), "masterarn", "the ARN of a secret" },
        { With($"\"masterarn\":\"{Arn}\",\"administrator\":\"iam\""), "administrator", "nothing, as masterarn names the administrator" },
        { With("\"administrator\":\"IAM\""), "administrator", "iam, or nothing" },
        { With("\"administrator\":\"\""), "administrator", "iam, or nothing" },
        { With("\"administrator\":true"), "administrator", "iam, or nothing" },
        { With("\"usernames\":\"app\""), "usernames", PairRule },
        { With("\"usernames\":[]"), "usernames", PairRule },
        { With("\"usernames\":[\"app\"]"), "usernames", PairRule },
        { With("\"usernames\":[\"app\",\"app\"]"), "usernames", PairRule },
        { With("\"usernames\":[\"app\",\"b\",\"c\"]"), "usernames", PairRule },
        { With("\"usernames\":[\"a\",\"b\"]"), "usernames", PairRule },
        { With("\"usernames\":[\"app\",7]"), "usernames", PairRule },
        { With("\"usernames\":[\"app\",null]"), "usernames", PairRule },
        { With("\"usernames\":[\"app\",\"\"]"), "usernames", PairRule },
        { With($"\"usernames\":[\"app\",\"{new string('a', 64)}\"]"), "usernames", PairRule },
        { With("\"usernames\":{\"a\":\"app\",\"b\":\"other\"}"), "usernames", PairRule },
        { With("\"dbInstanceIdentifier\":\"a b\""), "dbInstanceIdentifier", "an identifier of RDS: 1 to 63 letters, digits and hyphens" },
        { With("\"dbClusterIdentifier\":7"), "dbClusterIdentifier", "an identifier of RDS: 1 to 63 letters, digits and hyphens" },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void Read_Fault_NamesFieldAndRuleAndNoValue(string json, string field, string expected)
    {
        Assert.Null(SecretDocument.Read(json, out var fault));

        Assert.Equal(new SecretFault(field, expected), fault);
        Assert.DoesNotContain(Canary, fault!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("db.example.com", true)]
    [InlineData("10.0.0.7", true)]
    [InlineData("orders.abc.eu-central-1.rds.amazonaws.com", true)]
    [InlineData("", false)]
    [InlineData(" ", false)]
    [InlineData("a,b", false)]
    [InlineData("/var/run/postgresql", false)]
    [InlineData("db.example.com/x", false)]
    [InlineData("db.example.com ", false)]
    [InlineData("db.example.com\\n", false)]
    [InlineData("db\\u0000.example.com", false)]
    [InlineData("db.example.com:5432", false)]
    [InlineData("user@db.example.com", false)]
    [InlineData("@abstract", false)]
    [InlineData("db.example.com;SSL Mode=Disable", false)]
    [InlineData("2001:db8::7", true)]
    [InlineData("fe80::1%eth0,evil.example.com", false)]
    [InlineData("[::1%a,b]", false)]
    [InlineData("fe80::1%a b", false)]
    [InlineData("db\u2028.example.com", false)]
    [InlineData("db\u00a0.example.com", false)]
    [InlineData("db。example.com", false)]
    [InlineData("dв.example.com", false)] // a Cyrillic letter
    public void Read_Host_IsOneNameOrAddress(string host, bool accepted)
    {
        var document = SecretDocument.Read(Replace("host", $"\"host\":\"{host}\""), out var fault);

        Assert.Equal(accepted ? (host, null) : (null, "host"), (document?.Host, fault?.Field));
    }

    [Fact]
    public void With_KeepsEveryOtherByte()
    {
        const string Text = "\r\n{ \"z\" : 1.50e+03,\t\"password\" :  \"old\\u0041\\/\"  , \"n\":{\"password\":\"inner\",\"username\":[\"x\"]},"
            + "\n\"\\u0075sername\":\"app\" ,\"é\\u00e9\\ud800\":\"\\\"password\\\":\\\"x\\\"\",\"engine\":\"postgres\",\"host\":\"h\",\"port\":\"05432\" } \n";

        Assert.Equal(
            Text.Replace("\"old\\u0041\\/\"", "\"new-P4ss~word\"", StringComparison.Ordinal).Replace("\"app\"", "\"app_b\"", StringComparison.Ordinal),
            Read(Text).With("app_b", new Concealed("new-P4ss~word")));
    }

    [Theory]
    [InlineData("a\"b", "c\\d\"e\u0000\r\n\u2028é🦀</script>")]
    [InlineData("Jürgen", "'\"`$(x)")]
    public void With_TextThatJsonEscapes_IsAsciiAndReadBackExactly(string username, string password)
    {
        var text = Read(Base).With(username, new Concealed(password));

        Assert.True(System.Text.Ascii.IsValid(text));
        Assert.Equal((username, new Concealed(password)), (Read(text).Username, Read(text).Password));
    }

    [Fact]
    public void With_HalfASurrogatePair_IsRefusedAndNotQuoted()
    {
        var refused = Assert.Throws<ArgumentException>(() => Read(Base).With("app", new Concealed("canary\ud83e")));

        Assert.DoesNotContain("canary", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_TellsWhoseItIsOnOneLineAndNoSecret()
    {
        Assert.Equal("postgres app@db.example.com:5432/postgres", Read(Base).ToString());
        Assert.Equal("postgres a\\u000a\\u2028b@db.example.com:5432/postgres", Read(Replace("username", "\"username\":\"a\\n\u2028b\"")).ToString());
    }

    [Fact]
    public void Read_LongestHost_IsRead()
    {
        var longest = string.Join('.', Enumerable.Repeat(new string('a', 62), 4)); // 251

        Assert.Equal(longest, Read(Replace("host", $"\"host\":\"{longest}\"")).Host);
        Assert.Null(SecretDocument.Read(Replace("host", $"\"host\":\"{longest}.aa\""), out _));
    }

    [Fact]
    public void Read_LargestSecret_IsRead()
    {
        var padding = 65_536 - With("\"note\":\"\"").Length;

        Assert.Equal("app", Read(With($"\"note\":\"{new string('x', padding)}\"")).Username);
        Assert.Null(SecretDocument.Read(With($"\"note\":\"{new string('x', padding + 1)}\""), out _));
    }
}
