using System.Collections.Concurrent;
using Amazon.Runtime;

namespace Automation.Database;

/// <summary>
/// Signs IAM tokens for database logins, and keeps each while it is good. A token is checked at login only, lives 15
/// minutes, and dies earlier with the credentials that signed it. Signing is local: no request is made but for the
/// credentials themselves.
/// </summary>
public sealed class IamTokens
{
    /// <summary>RDS accepts a token for 15 minutes; 30 s are left for the login and for a clock that is a little off.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(870);

    /// <summary>Nothing signed by credentials with less than this left is kept.</summary>
    internal static readonly TimeSpan CredentialMargin = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string Host, int Port, string User), KeptToken> kept = new();
    private readonly AWSCredentials credentials;
    private readonly string region;
    private readonly TimeProvider clock;

    /// <param name="credentials">Sign the tokens; refreshing credentials are asked again for every new token.</param>
    /// <param name="region">The database's Region, <c>eu-central-1</c> say.</param>
    /// <param name="clock">Dates the tokens and decides how long they are kept.</param>
    public IamTokens(AWSCredentials credentials, string region, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        ArgumentException.ThrowIfNullOrWhiteSpace(region);
        ArgumentNullException.ThrowIfNull(clock);
        this.credentials = credentials;
        this.region = region;
        this.clock = clock;
    }

    /// <summary>A token that a login starting now may use. A secret: never log it.</summary>
    /// <param name="host">The endpoint's own name: RDS checks it, so an alias does not work.</param>
    /// <param name="port">The endpoint's port.</param>
    /// <param name="user">The PostgreSQL role.</param>
    /// <exception cref="IamTokenException">There are no credentials to sign with.</exception>
    public async ValueTask<string> GetAsync(string host, int port, string user)
    {
        var key = (host, port, user);
        if (kept.TryGetValue(key, out var token) && clock.GetUtcNow() < token.GoodUntil) return token.Value;

        ImmutableCredentials signer;
        try
        {
            signer = await credentials.GetCredentialsAsync();
        }
        catch (Exception e)
        {
            throw new IamTokenException(user, e);
        }
        var now = clock.GetUtcNow();
        // Asked for only now: before the first GetCredentials, refreshing credentials report an old date or none.
        var goodUntil = GoodUntil(now, credentials.Expiration);
        var value = IamTokenSigner.Sign(signer, region, host, port, user, now);
        kept[key] = new KeptToken(value, goodUntil);
        return value;
    }

    /// <summary>Forgets a token that a server refused, so that the next login gets a fresh one.</summary>
    public void Forget(string host, int port, string user) => kept.TryRemove((host, port, user), out _);

    internal static DateTimeOffset GoodUntil(DateTimeOffset signed, DateTime? credentialsExpire)
    {
        var byAge = signed + Lifetime;
        if (credentialsExpire is not { } expire) return byAge;
        var byCredentials = new DateTimeOffset(expire.ToUniversalTime()) - CredentialMargin;
        return byCredentials < byAge ? byCredentials : byAge;
    }

    // Not a record: its ToString would print the token.
    private sealed class KeptToken(string value, DateTimeOffset goodUntil)
    {
        public string Value { get; } = value;
        public DateTimeOffset GoodUntil { get; } = goodUntil;
    }
}
