namespace Automation.Lab.Template;

/// <summary>How often and how long a delivery is tried.</summary>
internal readonly record struct DeliveryLimits(int MaximumRetryAttempts, TimeSpan MaximumEventAge)
{
    /// <summary>Lambda's queue: 2 retries and 6 hours unless <c>EventInvokeConfig</c> says less.</summary>
    public static DeliveryLimits OfLambda(TemplateNode node) => Read(node, 2, TimeSpan.FromHours(6));

    /// <summary>EventBridge: 185 retries and 24 hours unless <c>RetryPolicy</c> says less.</summary>
    public static DeliveryLimits OfEventBridge(TemplateNode node) => Read(node, 185, TimeSpan.FromHours(24));

    private static DeliveryLimits Read(TemplateNode node, int attempts, TimeSpan age) => new(
        node["MaximumRetryAttempts"].Number(attempts),
        node["MaximumEventAgeInSeconds"].Seconds((int)age.TotalSeconds));
}
