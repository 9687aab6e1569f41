namespace Automation.Lab.Iam;

/// <summary>One question that AWS puts to IAM about a call; a call is allowed when all its questions are.</summary>
internal sealed record IamQuestion
{
    /// <summary>As <c>rds:ModifyDBInstance</c>.</summary>
    public required string Action { get; init; }

    /// <summary>An ARN; <c>*</c> where the action has no resource. A list of everything is asked as <c>…:db:*</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>Condition keys with their values; a key that comes twice has two.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Context { get; init; } = [];

    public static IamQuestion Of(string action, string resource, params IEnumerable<(string Key, string Value)> context) => new()
    {
        Action = action,
        Resource = resource,
        Context = [.. context.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))],
    };

    /// <summary>The same, with more of the context known.</summary>
    public IamQuestion With(params IEnumerable<(string Key, string Value)> context) =>
        this with { Context = [.. Context, .. context.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))] };
}
