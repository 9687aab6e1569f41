namespace Automation.Lab.Iam;

/// <summary>One condition of a statement; all conditions of a statement must hold ("IAM JSON policy elements: Condition").</summary>
internal sealed record PolicyCondition
{
    // Those that the template uses. Another one must be thought about before it is believed.
    private static readonly string[] Known =
    [
        "StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "Bool", "Null", "ForAnyValue:StringEquals", "ForAllValues:StringEquals",
    ];

    /// <exception cref="FormatException">The lab does not know the operator.</exception>
    public PolicyCondition(string operation, string key, IReadOnlyList<string> values)
    {
        if (!Known.Contains(operation)) throw new FormatException($"the lab does not know the condition operator '{operation}'; it knows {string.Join(", ", Known)}");
        (Operator, Key, Values) = (operation, key, values);
    }

    public string Operator { get; }

    /// <summary>As <c>aws:ResourceTag/environment</c>; compared without regard to case, as IAM does.</summary>
    public string Key { get; }

    public IReadOnlyList<string> Values { get; }

    /// <param name="context">The keys of the call, of a lookup that ignores case.</param>
    public bool Holds(ILookup<string, string> context)
    {
        var given = context[Key];
        return Operator switch
        {
            "StringEquals" or "ForAnyValue:StringEquals" => given.Any(Values.Contains),
            "StringLike" => given.Any(IsLike),
            "Bool" => given.Any(value => Values.Contains(value, StringComparer.OrdinalIgnoreCase)),
            // These three also where the key is absent.
            "StringNotEquals" => !given.Any(Values.Contains),
            "StringNotLike" => !given.Any(IsLike),
            "ForAllValues:StringEquals" => given.All(Values.Contains),
            "Null" => Values.Single() == (given.Any() ? "false" : "true"),
            var other => throw new InvalidOperationException($"'{other}' passed the constructor"),
        };
    }

    private bool IsLike(string value) => Values.Any(pattern => IamPattern.Matches(pattern, value));
}
