namespace Automation;

/// <summary>An environment variable is missing or malformed: the function does not start.</summary>
internal sealed class InvalidSettingException(string variable, string expected, string found)
    : Exception($"{variable}: expected {expected}, found {found}")
{
    public string Variable { get; } = variable;
}
