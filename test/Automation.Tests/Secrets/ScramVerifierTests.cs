using Automation.Secrets;
using FsCheck;
using FsCheck.Fluent;

namespace Automation.Tests.Secrets;

public sealed class ScramVerifierTests
{
    // Password and salt of RFC 7677's example; the keys computed with Python's hashlib and hmac.
    private const string Pencil =
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    private static readonly Gen<string> Passwords =
        from length in Gen.Choose(1, 60)
        from characters in Gen.Choose(' ', '~').Select(c => (char)c).ArrayOf(length)
        select new string(characters);

    [Fact]
    public void Proves_KnownVerifier_OnlyItsPassword()
    {
        Assert.True(ScramVerifier.Proves(Pencil, new Concealed("pencil")));
        Assert.False(ScramVerifier.Proves(Pencil, new Concealed("Pencil")));
        Assert.False(ScramVerifier.Proves(Pencil, new Concealed("pencil ")));
    }

    [Fact]
    public void Proves_EitherKeyOfAnotherPassword_IsFalse()
    {
        var other = ScramVerifier.Of(new Concealed("other"));
        var (storedKey, serverKey) = (Pencil.Split('$')[2].Split(':')[0], Pencil.Split(':')[2]);

        Assert.False(ScramVerifier.Proves(Pencil.Replace(storedKey, other.Split('$')[2].Split(':')[0], StringComparison.Ordinal), new Concealed("pencil")));
        Assert.False(ScramVerifier.Proves(Pencil.Replace(serverKey, other.Split(':')[2], StringComparison.Ordinal), new Concealed("pencil")));
    }

    [Fact]
    public void Of_AnyPrintablePassword_IsWellFormedAndProvesIt() =>
        Prop.ForAll(Passwords.ToArbitrary(), text =>
        {
            var verifier = ScramVerifier.Of(new Concealed(text));
            return ScramVerifier.IsWellFormed(verifier) && verifier.Length == 133
                && ScramVerifier.Proves(verifier, new Concealed(text)) && !ScramVerifier.Proves(verifier, new Concealed(text + "x"));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Of_SamePasswordTwice_HasAnotherSalt() =>
        Assert.NotEqual(ScramVerifier.Of(new Concealed("pencil")), ScramVerifier.Of(new Concealed("pencil")));

    [Theory]
    [InlineData("")]
    [InlineData("canary\n")]
    [InlineData("canary\0")]
    [InlineData("canary\u007f")]
    [InlineData("canary-pässword")]
    [InlineData("canary\u00a0")]
    public void Of_PasswordThatSaslPrepCouldChange_IsRefusedAndNotQuoted(string text)
    {
        var refused = Assert.Throws<ArgumentException>(() => ScramVerifier.Of(new Concealed(text)));

        Assert.DoesNotContain("canary", refused.ToString(), StringComparison.Ordinal);
        Assert.False(ScramVerifier.Proves(Pencil, new Concealed(text)));
    }

    public static TheoryData<string> Malformed =>
    [
        "", "pencil", "md5" + new string('a', 32), "SCRAM-SHA-256", Pencil + "\n", "\n" + Pencil, " " + Pencil, Pencil + " ", Pencil + "'",
        Pencil.ToLowerInvariant(), Pencil.Replace("4096", "4095", StringComparison.Ordinal), Pencil.Replace("4096", "04096", StringComparison.Ordinal),
        Pencil.Replace("4096:", "4096$", StringComparison.Ordinal), Pencil.Replace("SHA-256", "SHA-1", StringComparison.Ordinal),
        Pencil.Replace("gQ==", "gR==", StringComparison.Ordinal), // bits that no 16 bytes have
        Pencil.Replace("T4qY=", "T4qZ=", StringComparison.Ordinal), // nor 32
        Pencil.Replace("gQ==", "gQ=", StringComparison.Ordinal), Pencil.Replace("gQ==", "", StringComparison.Ordinal),
        Pencil.Replace("T4qY=", "T4qY", StringComparison.Ordinal), Pencil.Replace("WG5d", "WG5", StringComparison.Ordinal),
        Pencil.Replace("WG5d", "WG5-", StringComparison.Ordinal), Pencil.Replace("WG5d", "WG5'", StringComparison.Ordinal),
        Pencil.Replace("wfPL", "wfPLwfPL", StringComparison.Ordinal), Pencil[..^1], Pencil[..^45],
    ];

    [Theory]
    [MemberData(nameof(Malformed), DisableDiscoveryEnumeration = true)]
    public void Verifier_Malformed_IsNoneAndProvesNothing(string text)
    {
        Assert.False(ScramVerifier.IsWellFormed(text));
        Assert.False(ScramVerifier.Proves(text, new Concealed("pencil")));
    }

    [Fact]
    public void Verifier_WithAnyOneCharacterChanged_ProvesNothing()
    {
        var changes = from at in Gen.Choose(0, Pencil.Length - 1)
                      from character in Gen.Choose(0, 255).Select(c => (char)c)
                      where character != Pencil[at]
                      select Pencil[..at] + character + Pencil[(at + 1)..];
        Prop.ForAll(changes.ToArbitrary(), text => !ScramVerifier.Proves(text, new Concealed("pencil"))
                && (!ScramVerifier.IsWellFormed(text) || IsBase64Throughout(text)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    // As PostgreSQL's parse_scram_secret and .NET's decoder see it, without the expression under test.
    private static bool IsBase64Throughout(string text) => text.Split('$') is ["SCRAM-SHA-256", var costs, var keys]
        && costs.Split(':') is ["4096", var salt] && keys.Split(':') is [var storedKey, var serverKey]
        && IsCanonical(salt, 16) && IsCanonical(storedKey, 32) && IsCanonical(serverKey, 32);

    private static bool IsCanonical(string base64, int length)
    {
        var bytes = new byte[64];
        return Convert.TryFromBase64String(base64, bytes, out var written) && written == length && Convert.ToBase64String(bytes.AsSpan(0, written)) == base64;
    }
}
