using Automation.Outcomes;
using Automation.Secrets;

namespace Automation.Events;

/// <summary>What RotateSecret is asked for, by Secrets Manager or by a person.</summary>
internal abstract record RotationRequest
{
    private RotationRequest() { }

    /// <summary>One step of a rotation, from Secrets Manager.</summary>
    /// <param name="Name">Which.</param>
    /// <param name="SecretId">The secret's ARN.</param>
    /// <param name="Token">Id of the version that this rotation makes.</param>
    /// <param name="RotationToken">To be handed to PutSecretValue where the function works for another account.</param>
    public sealed record Step(RotationStep Name, string SecretId, string Token, Concealed? RotationToken) : RotationRequest;

    /// <summary>A person asks for a recovery.</summary>
    /// <param name="SecretId">The secret's ARN or name.</param>
    /// <param name="Mode">Print the plan, or carry it out.</param>
    public sealed record ByHand(string SecretId, Mode Mode) : RotationRequest;
}
