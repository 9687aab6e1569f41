using System.Security.Cryptography;
using System.Text;

namespace Automation.Lab.Soak;

/// <summary>Whether a role has a password, by what PostgreSQL keeps of it (RFC 5802): told here once more, not asked of the automation.</summary>
internal static class ScramProof
{
    /// <param name="kept"><c>pg_authid.rolpassword</c>: <c>SCRAM-SHA-256$4096:salt$StoredKey:ServerKey</c>.</param>
    /// <param name="password">Of printable ASCII: SASLprep leaves it as it is.</param>
    /// <exception cref="FormatException">It is no such verifier.</exception>
    public static bool Has(string kept, string password)
    {
        if (kept.Split('$') is not ["SCRAM-SHA-256", var how, var keys] || how.Split(':') is not [var iterations, var salt] || keys.Split(':') is not [var stored, _])
            throw new FormatException("expected a SCRAM verifier");
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, Convert.FromBase64String(salt), int.Parse(iterations, null), HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        return Convert.ToBase64String(SHA256.HashData(HMACSHA256.HashData(salted, Encoding.ASCII.GetBytes("Client Key")))) == stored;
    }
}
