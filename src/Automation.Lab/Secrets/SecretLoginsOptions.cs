using Amazon.SecretsManager;
using Npgsql;

namespace Automation.Lab.Secrets;

/// <summary>When an application reads its secret.</summary>
internal enum SecretReading
{
    /// <summary>Before each login.</summary>
    EachLogin,

    /// <summary>Once, and again when a login is refused with 28P01; that login is then tried once more.</summary>
    KeptUntilRefused,
}

/// <summary>An application that logs in all the time.</summary>
internal sealed record SecretLoginsOptions
{
    public required IAmazonSecretsManager Secrets { get; init; }

    /// <summary>ARN or name.</summary>
    public required string SecretId { get; init; }

    /// <summary>How the application connects, given user and password.</summary>
    public required Func<string, string, NpgsqlConnectionStringBuilder> Login { get; init; }

    public required SecretReading Reading { get; init; }

    /// <summary>Between the beginnings of two logins: 50 a second.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long one login may take, the reading of the secret included.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Logins underway at most: a database that hangs is not to be buried under them.</summary>
    public int AtOnce { get; init; } = 50;

    public required TimeProvider Time { get; init; }
}
