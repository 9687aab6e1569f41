using Automation.Database;
using Automation.Fleet;

namespace Automation.Secrets;

/// <summary>Logs in with the credentials of a rotation.</summary>
/// <param name="logins">Opens sessions.</param>
/// <param name="store">Has the administrator's and the previous value.</param>
/// <param name="targets">Knows the database of an administrator's secret that RDS made.</param>
/// <param name="iam"><c>DATABASE_USER</c> with an IAM token.</param>
internal sealed class RotationLogins(IRoleLogins logins, ISecretStore store, ISecretTargets targets, IamLogin iam)
{
    /// <summary>A session as one of the four.</summary>
    public async Task<LoginOutcome> OpenAsync(Rotation rotation, RotationLogin which, CancellationToken cancellation)
    {
        var (login, refusal) = which switch
        {
            RotationLogin.Current => (Password(rotation.Current), null),
            RotationLogin.Pending => (Password(rotation.Pending!), null),
            RotationLogin.Previous => await PreviousAsync(rotation, cancellation),
            RotationLogin.Administrator => await AdministratorAsync(rotation.Current, cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(which), which, null),
        };
        return login is null
            ? new LoginOutcome(LoginState.Refused, null, refusal)
            : await OpenAsync(rotation.Current, login, which, cancellation);
    }

    /// <summary>A fresh login, ended at once: what a client that connects now would see.</summary>
    public async Task<LoginOutcome> ProveAsync(Rotation rotation, RotationLogin which, CancellationToken cancellation)
    {
        await using var outcome = await OpenAsync(rotation, which, cancellation);
        return outcome with { Session = null };
    }

    /// <summary>A session as <c>DATABASE_USER</c>, which sees why others are refused.</summary>
    public Task<LoginOutcome> OpenIamAsync(SecretDocument secret, CancellationToken cancellation) =>
        OpenAsync(secret, iam, RotationLogin.Administrator, cancellation);

    /// <summary>Who changes the password where it is not the role itself, or why there is nobody.</summary>
    public async Task<(DatabaseLogin? Login, Refusal? Refusal)> AdministratorAsync(SecretDocument current, CancellationToken cancellation)
    {
        if (current.AdministratorArn is not { } arn) return (iam, null);
        if (await store.ReadAdministratorAsync(arn, cancellation) is not { } secret)
            return (null, new(Reasons.AdministratorNotFound, "masterarn names no secret that has a current text value"));
        if (AdministratorDocument.Read(secret.Value.Value, out var fault) is not { } administrator)
            return (null, new(Reasons.AdministratorMalformed, $"the secret of masterarn: {fault!.Field}: expected {fault.Expected}"));

        var host = administrator.Host;
        if (host is null && (secret.InstanceArn ?? secret.ClusterArn) is { } database)
            host = await targets.EndpointOfAsync(database, cancellation);
        return DocumentRules.CheckAdministrator(current, host) is { } refusal
            ? (null, refusal)
            : (new PasswordLogin(administrator.Username, administrator.Password.Value), null);
    }

    /// <summary>The previous version, if it is for the same role and host as the current one.</summary>
    private async Task<(DatabaseLogin? Login, Refusal? Refusal)> PreviousAsync(Rotation rotation, CancellationToken cancellation)
    {
        var current = rotation.Current;
        return rotation.Secret.VersionWith(SecretState.Previous) is { } version
            && await store.ReadAsync(rotation.Secret.Arn, version, SecretState.Previous, cancellation) is { } text
            && SecretDocument.Read(text, out _) is { } previous
            && DocumentRules.IsSameTarget(current, previous) && previous.Username == current.Username
            ? (Password(previous), null)
            : (null, new(Reasons.CurrentRefused, "there is no previous version for this role and host"));
    }

    /// <summary>A session with a login that is not one of the rotation's own.</summary>
    /// <param name="secret">Says where.</param>
    /// <param name="login">As whom.</param>
    /// <param name="which">What it stands for in a sentence.</param>
    /// <param name="cancellation">The run's deadline.</param>
    public async Task<LoginOutcome> OpenAsync(SecretDocument secret, DatabaseLogin login, RotationLogin which, CancellationToken cancellation)
    {
        var opened = await logins.OpenAsync(secret, login, cancellation);
        return opened.Succeeded(out var session, out var failure)
            ? new LoginOutcome(LoginState.LoggedIn, session, null)
            : new LoginOutcome(LoginRules.StateOf(failure), null, LoginRules.Explain(failure, which));
    }

    private static PasswordLogin Password(SecretDocument secret) => new(secret.Username, secret.Password.Value);
}
