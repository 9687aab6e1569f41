using Automation.Lab.Account;

namespace Automation.Lab.Secrets;

/// <summary>Secrets Manager says no; thrown where it is found out, answered in one place.</summary>
internal sealed class SecretRefusal(AwsAnswer answer) : Exception
{
    public AwsAnswer Answer => answer;

    public static SecretRefusal InvalidParameter(AwsCall call, string message) => Of(call, "InvalidParameterException", message);

    public static SecretRefusal InvalidRequest(AwsCall call, string message) => Of(call, "InvalidRequestException", message);

    public static SecretRefusal NotFound(AwsCall call, string message) => Of(call, "ResourceNotFoundException", message);

    public static SecretRefusal Of(AwsCall call, string code, string message) => new(ErrorAnswer.Create(call, 400, code, message));
}
