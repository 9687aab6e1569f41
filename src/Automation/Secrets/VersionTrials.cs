using Automation.Database;

namespace Automation.Secrets;

/// <summary>Finds the version that the database's password belongs to: labelled ones first, then those without a label, newest first.</summary>
internal sealed class VersionTrials(ISecretStore store, RotationLogins logins)
{
    /// <summary>Secrets Manager keeps about a hundred versions; a password that is older than these is not worth the logins.</summary>
    internal const int Most = 20;

    private static readonly string[] Order = [SecretState.Current, SecretState.Pending, SecretState.Previous];

    /// <returns>Up to the first version that logs in, or could not be tried because the database does not answer.</returns>
    public async Task<IReadOnlyList<TriedVersion>> TryAsync(Rotation rotation, CancellationToken cancellation)
    {
        var tried = new List<TriedVersion>();
        var versions = (await store.ListVersionsAsync(rotation.Secret.Arn, cancellation)).OrderBy(RankOf).Take(Most);
        foreach (var version in versions)
        {
            var result = await TryOneAsync(rotation, version, cancellation);
            tried.Add(result);
            if (result.State is LoginState.LoggedIn or LoginState.Unavailable) break;
        }
        return tried;
    }

    /// <summary>Tries one version.</summary>
    public async Task<TriedVersion> TryOneAsync(Rotation rotation, SecretVersion version, CancellationToken cancellation)
    {
        var current = rotation.Current;
        var secret = version.Id == rotation.CurrentVersion ? current : await ReadAsync(rotation.Secret.Arn, version, cancellation);
        if (secret is null) return new(version, null, null, null);
        // The confused deputy again: an old version may be for a host that is somebody else's now, or for a database that is gone.
        var users = current.Usernames ?? [current.Username];
        if (!DocumentRules.AreAlike(current, secret) || !users.Contains(secret.Username)) return new(version, null, null, null);

        await using var outcome = await logins.OpenAsync(
            current, new PasswordLogin(secret.Username, secret.Password.Value), RotationLogin.Current, cancellation);
        return new(version, secret, outcome.State, outcome.Why);
    }

    private async Task<SecretDocument?> ReadAsync(string secretArn, SecretVersion version, CancellationToken cancellation) =>
        await store.ReadVersionAsync(secretArn, version.Id, cancellation) is { } text ? SecretDocument.Read(text, out _) : null;

    // OrderBy is stable, so versions without a label stay newest first.
    private static int RankOf(SecretVersion version)
    {
        var rank = Array.FindIndex(Order, label => version.Labels.Contains(label, StringComparer.Ordinal));
        return rank < 0 ? Order.Length : rank;
    }
}
