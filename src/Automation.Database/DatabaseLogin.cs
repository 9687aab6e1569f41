namespace Automation.Database;

/// <summary>Who logs in and with what: <see cref="IamLogin"/> or <see cref="PasswordLogin"/>.</summary>
public abstract record DatabaseLogin
{
    private protected DatabaseLogin(string user)
    {
        // An empty name would make the driver take PGUSER, or the name of the operating system's user.
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        User = user;
    }

    /// <summary>The PostgreSQL role.</summary>
    public string User { get; }
}

/// <summary>A role with <c>rds_iam</c>: a fresh IAM token, signed for the endpoint, for every physical connection.</summary>
public sealed record IamLogin : DatabaseLogin
{
    /// <param name="user">The PostgreSQL role.</param>
    /// <param name="tokens">Signs the tokens.</param>
    public IamLogin(string user, IamTokens tokens) : base(user)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        Tokens = tokens;
    }

    /// <summary>Signs the tokens.</summary>
    public IamTokens Tokens { get; }
}

/// <summary>A role with a password, proven by SCRAM-SHA-256 and by nothing weaker.</summary>
public sealed record PasswordLogin : DatabaseLogin
{
    /// <param name="user">The PostgreSQL role.</param>
    /// <param name="password">Its password.</param>
    public PasswordLogin(string user, string password) : base(user)
    {
        // With an empty password the driver would look for PGPASSWORD and ~/.pgpass.
        ArgumentException.ThrowIfNullOrEmpty(password);
        Password = password;
    }

    internal string Password { get; }
}
