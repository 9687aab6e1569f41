namespace Automation.LabTests.Secrets;

/// <summary>One call of a rotation to the world outside: an AWS request, a login or a statement.</summary>
/// <param name="Invocation">Of the function, from 1.</param>
/// <param name="Step">As in the event.</param>
/// <param name="Name">As <c>secretsmanager.DescribeSecret</c> or <c>database.Lock</c>.</param>
internal sealed record ExternalCall(int Invocation, string Step, string Name)
{
    public const string Login = "database.Login", Lock = "database.Lock", ReadFacts = "database.ReadFacts", SetPassword = "database.SetPassword";

    /// <summary>Of a login: who, and with which password; an IAM token is none.</summary>
    public string? User { get; init; }
    public string? Password { get; init; }

    /// <summary>Of an AWS call: its body.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    public bool Succeeded { get; set; }

    public bool IsDatabase => Name.StartsWith("database.", StringComparison.Ordinal);

    public string Kind => $"{Step} {Name}";
}
