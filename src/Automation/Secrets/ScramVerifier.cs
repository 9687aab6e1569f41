using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Automation.Secrets;

/// <summary>
/// What PostgreSQL keeps of a password (RFC 5802, RFC 7677). Sent in the password's place, so that the password itself is in
/// no statement, and so in no server log and no <c>pg_stat_statements</c>.
/// </summary>
internal static partial class ScramVerifier
{
    private const int SaltBytes = 16;
    // PostgreSQL's own default (scram_iterations): a login costs the server no more than it is used to.
    private const int Iterations = 4096;

    /// <summary>A verifier with a fresh salt: <c>SCRAM-SHA-256$4096:salt$StoredKey:ServerKey</c>.</summary>
    /// <exception cref="ArgumentException">
    /// The password is not printable ASCII: of others, client and server could prepare different bytes (SASLprep).
    /// </exception>
    public static string Of(Concealed password) => IsPossibleFor(password)
        ? Derive(password, RandomNumberGenerator.GetBytes(SaltBytes))
        : throw new ArgumentException("Expected a password of printable ASCII characters.", nameof(password));

    /// <summary>Whether a verifier can be made: the password is printable ASCII.</summary>
    public static bool IsPossibleFor(Concealed password) =>
        password.Value.Length > 0 && !password.Value.AsSpan().ContainsAnyExceptInRange(' ', '~');

    /// <summary>
    /// Whether PostgreSQL will take this for a verifier. It stores anything else as a password in plain text, without a word.
    /// </summary>
    public static bool IsWellFormed(string verifier) => Form().IsMatch(verifier);

    /// <summary>Whether a login with this password succeeds where this verifier is stored.</summary>
    public static bool Proves(string verifier, Concealed password)
    {
        if (Form().Match(verifier) is not { Success: true } match || !IsPossibleFor(password)) return false;
        var expected = Derive(password, Convert.FromBase64String(match.Groups["salt"].Value));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(verifier), Encoding.ASCII.GetBytes(expected));
    }

    private static string Derive(Concealed password, byte[] salt)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(password.Value, salt, Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return string.Create(null, $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}");
    }

    // Base64 of 16 and of 32 bytes; before the padding only the digits whose unused bits are zero.
    [GeneratedRegex(@"\ASCRAM-SHA-256\$4096:(?<salt>[A-Za-z0-9+/]{21}[AQgw]==)\$[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=\z")]
    private static partial Regex Form();
}
