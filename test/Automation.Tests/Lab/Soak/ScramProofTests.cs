using Automation.Lab.Soak;
using Automation.Secrets;

namespace Automation.Tests.Lab.Soak;

public sealed class ScramProofTests
{
    [Theory]
    [InlineData("next", true)]
    [InlineData("former", false)]
    public void Has_TheVerifierOfAPassword_IsThatOne(string password, bool expected) =>
        Assert.Equal(expected, ScramProof.Has(ScramVerifier.Of(new Concealed("next")), password));

    [Fact]
    public void Has_NoVerifier_IsRefused() => Assert.Throws<FormatException>(() => ScramProof.Has("md5abc", "next"));
}
