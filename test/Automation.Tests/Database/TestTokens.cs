using Amazon.Runtime;
using Automation.Database;

namespace Automation.Tests.Database;

/// <summary>Tokens signed with AWS's documented example keys, which are nobody's.</summary>
internal static class TestTokens
{
    public const string AccessKey = "AKIAIOSFODNN7EXAMPLE";
    public const string SecretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    public const string Region = "eu-central-1";

    public static IamTokens New(TimeProvider clock) => new(new BasicAWSCredentials(AccessKey, SecretKey), Region, clock);
}
