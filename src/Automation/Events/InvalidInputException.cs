namespace Automation.Events;

/// <summary>An event that is not what the function takes: nothing was read or changed on its behalf.</summary>
internal sealed class InvalidInputException(string field, string expected, string found)
    : Exception($"{field}: expected {expected}, found {found}")
{
    /// <summary>Path of the field at fault, like <c>detail.configuration.metrics[1].id</c>; <c>event</c> for the whole.</summary>
    public string Field { get; } = field;
}
