namespace Automation.Secrets;

/// <summary>Why a secret's text cannot be used. It tells the field and the rule, never what was found there.</summary>
/// <param name="Field">The JSON member at fault; <c>secret</c> for the text as a whole.</param>
/// <param name="Expected">What belongs there, as the rest of a sentence: <c>a port from 1 to 65535</c>.</param>
internal sealed record SecretFault(string Field, string Expected);
