using Automation.Outcomes;

namespace Automation.Preparation;

/// <summary>Why a database is not prepared.</summary>
/// <param name="Decision"><see cref="Decision.Refused"/>: a person has to do something first; <see cref="Decision.Failed"/>: it may pass.</param>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Sentence">What a person should know and do. Never a password or a token.</param>
internal sealed record Obstacle(Decision Decision, string Reason, string Sentence)
{
    public static Obstacle Refused(string reason, string sentence) => new(Decision.Refused, reason, sentence);

    public static Obstacle Failed(string reason, string sentence) => new(Decision.Failed, reason, sentence);
}
