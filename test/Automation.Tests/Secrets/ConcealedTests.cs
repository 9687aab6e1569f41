using System.Text.Json;
using Automation.Secrets;

namespace Automation.Tests.Secrets;

public sealed class ConcealedTests
{
    private const string Canary = "canary-Passw0rd";
    private static readonly Concealed Password = new(Canary);

    private sealed record Holder(string Name, Concealed Password, Concealed? Token);

    [Fact]
    public void ToString_OfItAndOfWhatHoldsIt_IsThreeStars()
    {
        Assert.Equal("***", Password.ToString());
        Assert.Equal("set ***", $"set {Password}");
        Assert.Equal("Holder { Name = app, Password = ***, Token = *** }", new Holder("app", Password, Password).ToString());
        Assert.Equal("***", string.Format(null, "{0}", Password));
    }

    [Fact]
    public void Message_OfAnExceptionWithIt_DoesNotHoldTheValue() =>
        Assert.DoesNotContain(Canary, new ArgumentOutOfRangeException("password", Password, "Wrong.").ToString(), StringComparison.Ordinal);

    [Fact]
    public void Json_OfWhatHoldsIt_DoesNotHoldTheValue() =>
        Assert.Equal("""{"Name":"app","Password":{},"Token":{}}""", JsonSerializer.Serialize(new Holder("app", Password, Password)));

    [Fact]
    public void Equals_ComparesValues()
    {
        Assert.Equal(new Concealed(new string(Canary)), Password);
        Assert.NotEqual(new Concealed(Canary.ToUpperInvariant()), Password);
    }
}
