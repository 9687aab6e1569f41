namespace Automation.Database;

/// <summary>No IAM token could be signed, because the credentials to sign it with could not be had.</summary>
public sealed class IamTokenException : Exception
{
    internal IamTokenException(string user, Exception inner)
        : base($"No IAM token could be signed for '{user}': no AWS credentials ({inner.GetType().Name}: {inner.Message})", inner)
    {
    }
}
