using System.Security.Cryptography;
using System.Text;

namespace Automation.Lab.Account;

/// <summary>Ids in the shape of a UUID, made from what they name: a run with the same seed gives the same ids.</summary>
internal static class EventId
{
    public static string Of(string what) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(what)).AsSpan(0, 16)).ToString();
}
