using System.Text.Json.Nodes;
using Automation.Lab.Iam;

namespace Automation.Lab.Template;

/// <summary>One <c>AWS::IAM::Role</c> of a function, with all that its own and its managed policies say.</summary>
internal sealed record TemplateRole
{
    public required string LogicalId { get; init; }
    public required string Name { get; init; }
    public required string Arn { get; init; }
    public required IReadOnlyList<PolicyStatement> Statements { get; init; }

    /// <exception cref="TemplateException">A policy is not of this template, or says what the lab does not evaluate.</exception>
    public static TemplateRole Read(ResourceReader resources, string logicalId)
    {
        var properties = resources.Properties(logicalId);
        // A boundary would take rights away that the lab then grants.
        properties.RefuseMembers("PermissionsBoundary");
        var managed = resources.Each("AWS::IAM::ManagedPolicy", id => id).ToDictionary(resources.Arn);
        return new TemplateRole
        {
            LogicalId = logicalId,
            Name = resources.Name(logicalId),
            Arn = resources.Arn(logicalId),
            Statements =
            [
                .. properties["Policies"].Items().SelectMany(policy => Parsed(logicalId, policy["PolicyDocument"])),
                .. properties["ManagedPolicyArns"].Items().SelectMany(arn => managed.TryGetValue(arn.Text(), out var policy)
                    ? Parsed(policy, resources.Properties(policy)["PolicyDocument"])
                    : throw new TemplateException(arn.Path, $"the lab knows the policies of this template alone, not '{arn.Text()}'")),
            ],
        };
    }

    private static IReadOnlyList<PolicyStatement> Parsed(string policy, TemplateNode document)
    {
        JsonNode content = document.Value ?? throw new TemplateException(document.Path, "is required");
        try
        {
            return PolicyStatement.Of(policy, content);
        }
        catch (FormatException e)
        {
            throw new TemplateException(document.Path, e.Message, e);
        }
    }
}
