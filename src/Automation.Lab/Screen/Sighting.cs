namespace Automation.Lab.Screen;

/// <summary>What the automation was given.</summary>
/// <param name="Trigger">What set it off.</param>
/// <param name="Source">Which one, as it is named in <c>template.yaml</c> or in AWS.</param>
/// <param name="At">When it came.</param>
/// <param name="Facts">What it read there, or measured before it decided.</param>
internal sealed record Sighting(TriggerKind Trigger, string Source, DateTimeOffset At, IReadOnlyList<Fact> Facts);

/// <summary>What sets a function off.</summary>
internal enum TriggerKind
{
    Schedule,
    Event,
    Alarm,
    SecretsManager,
    Person,
}

/// <summary>Something that was measured or read, as a person would say it.</summary>
internal sealed record Fact(string Name, string Value);
