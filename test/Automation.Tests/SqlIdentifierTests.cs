using FsCheck;
using FsCheck.Fluent;

namespace Automation.Tests;

public sealed class SqlIdentifierTests
{
    [Theory]
    [InlineData("app", "\"app\"")]
    [InlineData("App", "\"App\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("\"", "\"\"\"\"")]
    [InlineData("x\"; DROP ROLE y; --", "\"x\"\"; DROP ROLE y; --\"")]
    [InlineData("$$ % ' \\ \n", "\"$$ % ' \\ \n\"")]
    [InlineData("Jürgen", "\"Jürgen\"")]
    [InlineData("🦀", "\"🦀\"")]
    public void Quote_AnyName_IsInDoubleQuotes(string name, string expected) => Assert.Equal(expected, SqlIdentifier.Quote(name));

    public static TheoryData<string, bool> Names => new()
    {
        { "", false },
        { "a\0b", false },
        { new string('a', 63), true },
        { new string('a', 64), false },
        { new string('é', 31) + "1", true }, // 63 bytes
        { new string('é', 32), false }, // 32 characters, 64 bytes
        { new string('é', 62), false }, // fewer characters than 63, far more bytes
        { "a\ud83e", false }, // a lone high surrogate
        { "\udd80a", false }, // a lone low one
        { " ", true },
    };

    [Theory]
    [MemberData(nameof(Names), DisableDiscoveryEnumeration = true)]
    public void Name_IsWhatPostgresHoldsUncut(string name, bool accepted)
    {
        Assert.Equal(accepted, SqlIdentifier.IsName(name));
        if (accepted) Assert.Equal($"\"{name}\"", SqlIdentifier.Quote(name));
        else Assert.Throws<ArgumentException>(() => SqlIdentifier.Quote(name));
    }

    // Read as PostgreSQL's lexer does: from the first quote to the first one that is not doubled.
    private static (string Name, string After) Lex(string sql)
    {
        Assert.Equal('"', sql[0]);
        var name = new System.Text.StringBuilder();
        for (var at = 1; ; at++)
        {
            if (sql[at] != '"') name.Append(sql[at]);
            else if (at + 1 < sql.Length && sql[at + 1] == '"') name.Append(sql[at++]);
            else return (name.ToString(), sql[(at + 1)..]);
        }
    }

    [Fact]
    public void Quote_AnyName_IsOneIdentifierAndNothingElse()
    {
        var names = Gen.Elements('a', '"', '\'', '\\', '$', '%', ';', ' ', 'é', '\n').ListOf(20).Select(c => string.Concat(c) + "x");
        Prop.ForAll(names.ToArbitrary(), name => Lex(SqlIdentifier.Quote(name)) == (name, "")).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }
}
