using Automation.Secrets;

namespace Automation.Tests.Secrets;

public sealed class AdministratorDocumentTests
{
    [Fact]
    public void Read_SecretMadeByRds_HasNoHost()
    {
        var administrator = AdministratorDocument.Read("""{"username":"postgres","password":"canary'\"x"}""", out var fault);

        Assert.Null(fault);
        Assert.Equal((null, "postgres", new Concealed("canary'\"x")), (administrator!.Host, administrator.Username, administrator.Password));
        Assert.DoesNotContain("canary", administrator.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SecretMadeByPeople_MayNameTheHostAndMore() =>
        Assert.Equal("db.example.com", AdministratorDocument.Read(
            """{"engine":"mysql","port":{},"host":"db.example.com","username":"postgres","password":"p","masterarn":7}""", out _)!.Host);

    [Theory]
    [InlineData("""{"username":"postgres"}""", "password")]
    [InlineData("""{"username":"","password":"canary"}""", "username")]
    [InlineData("""{"password":"canary"}""", "username")]
    [InlineData("""{"username":"postgres","password":"canary","password":"canary"}""", "password")]
    [InlineData("""{"username":"postgres","password":"canary","host":"a,b"}""", "host")]
    [InlineData("""{"username":"postgres","password":"canary"} x""", "secret")]
    [InlineData("canary", "secret")]
    public void Read_Fault_NamesTheFieldAndNoValue(string json, string field)
    {
        Assert.Null(AdministratorDocument.Read(json, out var fault));

        Assert.Equal(field, fault!.Field);
        Assert.DoesNotContain("canary", fault.ToString(), StringComparison.Ordinal);
    }
}
