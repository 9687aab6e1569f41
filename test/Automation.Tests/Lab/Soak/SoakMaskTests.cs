using Automation.Lab.Soak;

namespace Automation.Tests.Lab.Soak;

public sealed class SoakMaskTests
{
    private static readonly Canary[] Canaries = [new("a password", "hunter2&\"!"), new("a longer one", "hunter2&\"!x"), new("an empty one", ""), .. SoakFunctions.Canaries];

    [Theory]
    [InlineData("28P01: 'hunter2&\"!' is wrong", "28P01: '***' is wrong")]
    [InlineData("hunter2&\"!x", "***")] // not the shorter one's, with an x
    [InlineData("""{"password":"hunter2\u0026\u0022!"}""", """{"password":"***"}""")]
    [InlineData("?p=hunter2%26%22%21", "?p=***")]
    [InlineData("lab/function/secret/not/a/real/one", "***")]
    [InlineData("db:5432/?Action=connect&X-Amz-Signature=0a1b2c&X-Amz-Date=1 is refused", "db:5432/?Action=connect&X-Amz-Signature=***&X-Amz-Date=1 is refused")]
    [InlineData("\"X-Amz-Signature=0a1b2c\"", "\"X-Amz-Signature=***\"")]
    [InlineData("an empty password hides nothing", "an empty password hides nothing")]
    public void Over_AText_LeavesNoSecretInIt(string text, string masked) => Assert.Equal(masked, SoakMask.Over(text, Canaries));
}
