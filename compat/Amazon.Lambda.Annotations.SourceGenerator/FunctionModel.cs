namespace Amazon.Lambda.Annotations.SourceGenerator;

/// <summary>
/// A <c>[LambdaFunction]</c> method as text, so that the generator can tell by value that nothing changed. Types are
/// written with <c>global::</c>.
/// </summary>
internal sealed record FunctionModel
{
    /// <summary>What <c>ANNOTATIONS_HANDLER</c> holds to choose it.</summary>
    public string Name { get; init; } = "";

    public string Namespace { get; init; } = "";

    /// <summary>The class that declares the method, without its namespace.</summary>
    public string TypeName { get; init; } = "";

    /// <summary>The class with its namespace.</summary>
    public string Type { get; init; } = "";

    /// <summary>The event's type; none for a method that takes no event.</summary>
    public string? Input { get; init; }

    /// <summary>What the method returns in the end, without its task; none for <c>void</c> and <c>Task</c>.</summary>
    public string? Output { get; init; }

    /// <summary>Returns <c>Task</c> or <c>Task&lt;T&gt;</c>.</summary>
    public bool IsAsync { get; init; }

    /// <summary>The arguments of the call, in the wrapper's terms.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>The method's own <c>[LambdaSerializer]</c>.</summary>
    public string? Serializer { get; init; }

    /// <summary>Why this method cannot be a function.</summary>
    public string? Problem { get; init; }

    public SourceSpan? Location { get; init; }

    public string Wrapper => $"{TypeName}_{Name}_Generated";
}
