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
    [InlineData("environment=not_prod")]
    [InlineData("productiondb")]
    [InlineData("productioneu")]
    [InlineData("prodorders")]
    [InlineData("prodpostgres")]
    [InlineData("ordersprd")]
    [InlineData("PRODdb")]
    [InlineData("shop-no-prod")]
    [InlineData("terminate-no=prod")]
    public void In_SaysProduction_IsFound(string text) => Assert.NotNull(ProductionWords.In(text));

    [Theory]
    [InlineData("orders-staging")]
    [InlineData("product-catalog")]
    [InlineData("products")]
    [InlineData("environment=non-production")]
    [InlineData("environment=nonprod")]
    [InlineData("environment=pre-production")]
    [InlineData("environment=preprod")]
    [InlineData("environment=nonproduction")]
    [InlineData("produce-orders")]
    [InlineData("olive-delivery")]
    [InlineData("")]
    [InlineData("42")]
    public void In_SaysNothingOfIt_IsNotFound(string text) => Assert.Null(ProductionWords.In(text));
}
