using Automation.Snapshots;

namespace Automation.Tests.Snapshots;

public sealed class KeyPolicyRulesTests
{
    private const string Account = "210987654321";

    [Theory]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::210987654321:root"},"Action":["kms:Decrypt","kms:DescribeKey","kms:CreateGrant"],"Resource":"*"}]}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Principal":{"AWS":["111111111111","210987654321"]},"Action":"kms:*","Resource":"*"}}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":{"AWS":"210987654321"},"Action":"kms:decrypt"},{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::210987654321:role/backup"},"Action":"kms:Create*"}]}""")]
    public void Lets_BothActionsAreAllowed_IsTrue(string policy) => Assert.True(KeyPolicyRules.Lets(policy, Account));

    [Theory]
    [InlineData("""{"Statement":[{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::210987654321:root"},"Action":"kms:*"}]}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::210987654321:root"},"Action":"kms:Decrypt"}]}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"kms:*","Condition":{"StringEquals":{"aws:SourceAccount":"210987654321"}}}]}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/210987654321"},"Action":"kms:*"}]}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":{"Service":"rds.amazonaws.com"},"Action":"kms:*"}]}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*"}]}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":{"AWS":7},"Action":"kms:*"}]}""")]
    [InlineData("[]")]
    [InlineData("not JSON, 210987654321")]
    public void Lets_AnythingElse_IsFalse(string policy) => Assert.False(KeyPolicyRules.Lets(policy, Account));
}
