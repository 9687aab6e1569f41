namespace Automation.Lab.Lambda;

/// <summary>A function as the template describes it, with the executable that was built for it.</summary>
internal sealed record FunctionDefinition
{
    public required string Name { get; init; }

    /// <summary>The program to start; its folder is the task root.</summary>
    public required string ExecutablePath { get; init; }

    /// <summary>
    /// The folder of a .NET runtime that starts the program's assembly, as Lambda's managed runtime does; <c>null</c> starts the
    /// program itself, on the runtime that runs the lab.
    /// </summary>
    public string? RuntimeRoot { get; init; }

    /// <summary>The template's <c>Handler</c>.</summary>
    public required string Handler { get; init; }

    public required string Region { get; init; }

    public string AccountId { get; init; } = "123456789012";

    /// <summary>The template's variables, <c>ANNOTATIONS_HANDLER</c> among them.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What the execution role would provide; none for a function that calls nothing.</summary>
    public FunctionCredentials? Credentials { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required int MemoryMB { get; init; }

    /// <summary><c>LoggingConfig.LogFormat</c>: <c>Text</c> or <c>JSON</c>.</summary>
    public string LogFormat { get; init; } = "Text";

    /// <summary><c>LoggingConfig.ApplicationLogLevel</c>; Lambda hands it over with the format JSON only.</summary>
    public string LogLevel { get; init; } = "INFO";

    /// <summary><c>LoggingConfig.LogGroup</c>; <c>null</c> for the one that Lambda names after the function.</summary>
    public string? LogGroup { get; init; }

    /// <summary>Lambda gives a function 10 s to ask for its first event.</summary>
    public static readonly TimeSpan LambdaInitTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long it may take until it asks for its first event.</summary>
    public TimeSpan InitTimeout { get; init; } = LambdaInitTimeout;
}
