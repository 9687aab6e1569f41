namespace Amazon.Lambda.Core;

/// <summary>What the AWS Mobile SDK says of its application; null for every other caller.</summary>
public interface IClientContext
{
    IDictionary<string, string> Environment { get; }

    IClientApplication Client { get; }

    IDictionary<string, string> Custom { get; }
}
