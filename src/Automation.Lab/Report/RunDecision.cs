using System.Text.Json;

namespace Automation.Lab.Report;

/// <summary>What a function decided about one database, and the facts it goes by.</summary>
internal sealed record RunDecision
{
    public required DateTimeOffset At { get; init; }

    /// <summary>The function's logical id in the template.</summary>
    public required string Function { get; init; }

    /// <summary>As <c>connections</c>.</summary>
    public required string Capability { get; init; }

    /// <summary>The mode of the function that decided: <c>act</c> or <c>observe</c>; empty where it did not come to say.</summary>
    public required string Mode { get; init; }

    public required string Database { get; init; }

    /// <summary>As <c>acted</c>, in the words of the README's "Result of a function".</summary>
    public required string Decision { get; init; }

    /// <summary>The reason code.</summary>
    public required string Reason { get; init; }

    public required string Summary { get; init; }

    /// <summary>The outcome's <c>details</c>.</summary>
    public required JsonElement Facts { get; init; }
}

/// <summary>One invocation of a function.</summary>
internal sealed record RunInvocation
{
    /// <summary>When it ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The function's logical id in the template.</summary>
    public required string Function { get; init; }

    /// <summary>Only of a cold start.</summary>
    public TimeSpan? Init { get; init; }

    public required TimeSpan Run { get; init; }

    public required TimeSpan Billed { get; init; }

    /// <summary>When it was handed over, or its process was started for it.</summary>
    public DateTimeOffset BeganAt => At - Run - (Init ?? TimeSpan.Zero);

    /// <summary>The process's peak; 0 when nobody could look.</summary>
    public required int MemoryMB { get; init; }

    /// <summary>What the template gives it.</summary>
    public required int MemoryLimitMB { get; init; }

    /// <summary>The error's type; <c>null</c> when it succeeded.</summary>
    public string? Error { get; init; }
}

/// <summary>What a person on call received.</summary>
internal sealed record RunMessage
{
    public required DateTimeOffset At { get; init; }

    /// <summary>The topic's name.</summary>
    public required string Topic { get; init; }

    public required string Subject { get; init; }

    /// <summary>As an e-mail shows it.</summary>
    public required string Text { get; init; }

    /// <summary>How loudly it was said: <c>info</c>, <c>warning</c>, <c>critical</c>; empty where the sender says nothing of it.</summary>
    public string Severity { get; init; } = "";
}

/// <summary>A call that changed something in the account.</summary>
/// <param name="At">When it arrived.</param>
/// <param name="By">Who signed it: the automation, or the lab.</param>
/// <param name="Service">As <c>rds</c>.</param>
/// <param name="Action">As <c>CreateDBSnapshot</c>.</param>
/// <param name="About">What it names: identifiers, sizes and states; never a value that could be a secret.</param>
/// <param name="Status">The HTTP status of the answer; 0 when the caller got none.</param>
internal sealed record RunCall(DateTimeOffset At, string By, string Service, string Action, string About, int Status)
{
    /// <summary>The function that signed it, as people say it; empty: none.</summary>
    public string Function { get; init; } = "";

    public bool Succeeded => Status is >= 200 and < 300;
}
