using Automation.Secrets;

namespace Automation.Tests.Secrets;

public sealed class PasswordGeneratorTests
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private static readonly string[] Passwords = [.. Enumerable.Range(0, 10_000).Select(_ => PasswordGenerator.Next().Value)];

    [Fact]
    public void Next_EveryPassword_KeepsThePolicy()
    {
        Assert.All(Passwords, password =>
        {
            Assert.Equal(40, password.Length);
            Assert.Empty(password.Except(Unreserved));
            Assert.Contains(password, char.IsAsciiLetterUpper);
            Assert.Contains(password, char.IsAsciiLetterLower);
            Assert.Contains(password, char.IsAsciiDigit);
            Assert.Contains(password, "-._~".Contains);
        });
        Assert.Equal(Passwords.Length, Passwords.Distinct().Count());
    }

    [Fact]
    public void Next_EveryPassword_NeedsNoEscape() => Assert.All(Passwords, password =>
    {
        Assert.Equal(password, Uri.EscapeDataString(password));
        Assert.Equal(password, System.Text.Json.JsonEncodedText.Encode(password).Value);
    });

    // 10,000 draws from 66 characters: about 152 of each at each place, with a standard deviation of 12. That one of the 2,640
    // counts is six of those away happens less than once in 100,000 runs; a place that prefers a class is hundreds away.
    [Fact]
    public void Next_EveryPlace_HoldsEveryCharacterAboutAsOften()
    {
        for (var place = 0; place < PasswordGenerator.Length; place++)
        {
            var counts = Passwords.CountBy(password => password[place]).ToDictionary();
            Assert.All(Unreserved, character => Assert.InRange(counts.GetValueOrDefault(character), 152 - 75, 152 + 90));
        }
    }

    // A tenth of them: 4,096 rounds each, as a login.
    [Fact]
    public void Next_EveryPassword_IsProvenByItsVerifier()
    {
        var unproven = Passwords.Take(1_000).AsParallel().Count(text => !ScramVerifier.Proves(ScramVerifier.Of(new Concealed(text)), new Concealed(text)));

        Assert.Equal(0, unproven);
    }
}
