using System.Security.Cryptography;

namespace Automation.Secrets;

/// <summary>
/// New passwords, made in process: no further AWS call that can fail, no further permission. They consist of what RFC 3986
/// calls unreserved, which no URL, shell, connection string or JSON text has to escape.
/// </summary>
internal static class PasswordGenerator
{
    /// <summary>Characters of a password: about 240 bits.</summary>
    public const int Length = 40;

    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Digits = "0123456789";
    private const string Marks = "-._~";
    private static readonly string[] Classes = [Upper, Lower, Digits, Marks];

    /// <summary>A new password with at least one character of each class, as password policies ask.</summary>
    public static Concealed Next()
    {
        while (true)
        {
            var password = RandomNumberGenerator.GetString(Upper + Lower + Digits + Marks, Length);
            // Drawn again as a whole (about one in eleven): putting the missing class in would favour a place.
            if (Array.TrueForAll(Classes, characters => password.AsSpan().ContainsAny(characters))) return new Concealed(password);
        }
    }
}
