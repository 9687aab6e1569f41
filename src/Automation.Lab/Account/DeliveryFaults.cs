namespace Automation.Lab.Account;

/// <summary>
/// What can happen to an event on its way: EventBridge and Lambda deliver at least once, in no order, and now and then
/// late. Each is the chance of one delivery, 0 to 1.
/// </summary>
internal sealed record DeliveryFaults
{
    public static DeliveryFaults None { get; } = new();

    public double Lost { get; init; }

    public double Duplicated { get; init; }

    public double Delayed { get; init; }

    /// <summary>The longest delay, in AWS time.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Held back until the next event was delivered.</summary>
    public double Overtaken { get; init; }

    /// <summary>The chance of each try of EventBridge to hand the event to its target to be refused.</summary>
    public double HandOverRefused { get; init; }
}

/// <summary>What happens to one delivery.</summary>
internal sealed record DeliveryFate(bool Lost, int Copies, TimeSpan Delay, bool Overtaken)
{
    /// <summary>Throws the dice; always the same number of times, so that one chance does not shift another's sequence.</summary>
    public static DeliveryFate Of(DeliveryFaults faults, Random random)
    {
        var (lost, duplicated, delayed, delay, overtaken) =
            (random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble());
        return new DeliveryFate(
            lost < faults.Lost,
            duplicated < faults.Duplicated ? 2 : 1,
            delayed < faults.Delayed ? delay * faults.LongestDelay : TimeSpan.Zero,
            overtaken < faults.Overtaken);
    }
}
