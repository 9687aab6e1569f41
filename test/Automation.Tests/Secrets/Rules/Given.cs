using System.Text.Json.Nodes;
using Automation.Events;
using Automation.Secrets;

namespace Automation.Tests.Secrets.Rules;

/// <summary>Secrets, roles and servers as they should be; a test changes what it is about.</summary>
internal static class Given
{
    public const string Host = "orders.abc123.eu-central-1.rds.amazonaws.com";
    public const string User = "app";
    public const string Password = "canary-Passw0rd";
    public const string Token = "11111111-2222-3333-4444-555555555555";
    public const string CurrentVersion = "99999999-2222-3333-4444-555555555555";
    public const string Arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-AbCdEf";
    public const string AdministratorArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:admin-AbCdEf";
    public const string Owner = "app_owner";
    public static readonly string[] Pair = ["app_a", "app_b"];

    /// <summary>A secret of this host and user with more members, or with other ones.</summary>
    public static SecretDocument Secret(params (string Name, JsonNode? Value)[] members)
    {
        var json = new JsonObject { ["engine"] = "postgres", ["host"] = Host, ["username"] = User, ["password"] = Password };
        foreach (var (name, value) in members) json[name] = value;
        var secret = SecretDocument.Read(json.ToJsonString(), out var fault);
        Assert.Null(fault);
        return secret!;
    }

    /// <summary>A secret of two roles that take turns; the first is in use.</summary>
    public static SecretDocument PairSecret(params (string Name, JsonNode? Value)[] members) =>
        Secret([("usernames", new JsonArray(Pair[0], Pair[1])), ("username", Pair[0]), .. members]);

    public static SecretState State(params (string Version, string[] Labels)[] versions) => new()
    {
        Arn = Arn,
        Name = "orders",
        RotationEnabled = true,
        OwningService = null,
        Labels = versions.ToDictionary(version => version.Version, version => (IReadOnlyList<string>)version.Labels),
    };

    public static Rotation Rotation(SecretDocument? current = null, SecretDocument? pending = null) => new()
    {
        Token = Token,
        Secret = State((CurrentVersion, [SecretState.Current]), (Token, [SecretState.Pending])),
        CurrentVersion = CurrentVersion,
        Current = current ?? Secret(),
        Pending = pending,
    };

    public static RotationRequest.Step Step(RotationStep step, string? rotationToken = null) =>
        new(step, Arn, Token, rotationToken is null ? null : new Concealed(rotationToken));

    public static RoleFacts Role(string name = User) => new()
    {
        Name = name,
        CanLogIn = true,
        Expired = false,
        InRdsIam = false,
        IsSuperuser = false,
        MayReplicate = false,
        WeHaveAdminOption = true,
        Attributes = "CONNECTION LIMIT -1",
        Memberships = [],
        MemberOf = [],
        Settings = [],
        ActsAs = null,
        OwnedObjects = 0,
    };

    /// <summary>A login role of the pair.</summary>
    public static RoleFacts PairRole(string name) => Role(name) with
    {
        Memberships = [$"{Owner} {{\"admin_option\": false}}"],
        MemberOf = [Owner],
        Settings = [$"0 role={Owner}"],
        ActsAs = Owner,
    };

    /// <summary>A writer of version 16, asked by an administrator who may change every password.</summary>
    public static ServerFacts Server(params RoleFacts[] roles) => new()
    {
        IsStandby = false,
        IsReadOnly = false,
        Major = 16,
        RestrictsPasswordCommands = false,
        WeAreInRdsPassword = false,
        WeAreSuperuser = false,
        WeHaveCreateRole = true,
        We = "automation",
        Roles = roles,
    };

    public static ServerFacts PairServer() => Server(PairRole(Pair[0]), PairRole(Pair[1]));

    /// <summary>What a reason is not: one of those that nothing stopped for.</summary>
    public static IReadOnlyList<string> Successes { get; } =
    [
        Reasons.PendingStored, Reasons.PendingAlreadyStored, Reasons.PasswordSet, Reasons.AlreadySet, Reasons.PendingLogsIn, Reasons.ReadyToRotate,
        Reasons.Rotated, Reasons.AlreadyCurrent, Reasons.CurrentLogsIn, Reasons.RepairPlanned, Reasons.Repaired,
    ];

    /// <summary>Every constant of <see cref="Reasons"/>.</summary>
    public static IReadOnlyList<(string Name, string Value)> EveryReason { get; } =
        [.. typeof(Reasons).GetFields().Where(field => field.IsLiteral).Select(field => (field.Name, (string)field.GetRawConstantValue()!))];
}
