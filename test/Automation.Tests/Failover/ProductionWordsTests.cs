using Automation.Failover;

namespace Automation.Tests.Failover;

public sealed class ProductionWordsTests
{
    [Theory]
    [InlineData("orders-prod")]
    [InlineData("prod-orders")]
    [InlineData("orders-prod1")]
    [InlineData("orders-prod-01")]
    [InlineData("ordersprod")]
    [InlineData("proddb")]
    [InlineData("ordersProd")]
    [InlineData("ORDERS_PROD")]
    [InlineData("environment=production")]
    [InlineData("Environment=Production")]
    [InlineData("stage=PRD")]
    [InlineData("tier=live")]
    [InlineData("production=false")]
    [InlineData("note=staging copy of production")]
    [InlineData("aws:cloudformation:stack-name=prod-orders")]
    [InlineData("staging-not-for-prod")]
    public void In_SaysProduction_IsFound(string text) => Assert.NotNull(ProductionWords.In(text));

    [Theory]
    [InlineData("orders-staging")]
    [InlineData("product-catalog")]
    [InlineData("products")]
    [InlineData("reproduce")]
    [InlineData("environment=non-production")]
    [InlineData("environment=nonprod")]
    [InlineData("environment=pre-production")]
    [InlineData("environment=preprod")]
    [InlineData("environment=not_prod")]
    [InlineData("olive-delivery")]
    [InlineData("")]
    [InlineData("42")]
    public void In_SaysNothingOfIt_IsNotFound(string text) => Assert.Null(ProductionWords.In(text));
}
