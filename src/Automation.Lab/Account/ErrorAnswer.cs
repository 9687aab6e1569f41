using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace Automation.Lab.Account;

/// <summary>Errors in the protocol of the call they answer.</summary>
internal static class ErrorAnswer
{
    public static AwsAnswer Throttled(AwsCall call) => IsQuery(call)
        ? Create(call, 400, "Throttling", "Rate exceeded")
        : Create(call, 400, "ThrottlingException", "Rate exceeded");

    public static AwsAnswer Internal(AwsCall call, string message) => IsQuery(call)
        ? Create(call, 500, "InternalFailure", message)
        : Create(call, 500, "InternalServerError", message);

    /// <summary>IAM's refusal, by the name that each service gives it.</summary>
    public static AwsAnswer AccessDenied(AwsCall call, string message) => call.Service switch
    {
        "s3" => new AwsAnswer { Status = 403, ContentType = "application/xml", Body = Encoding.UTF8.GetBytes(Error("AccessDenied", message).ToString()) },
        "sns" => Create(call, 403, "AuthorizationError", message),
        _ when IsQuery(call) => Create(call, 403, "AccessDenied", message),
        _ => Create(call, 400, "AccessDeniedException", message),
    };

    public static AwsAnswer Create(AwsCall call, int status, string code, string message) => new()
    {
        Status = status,
        ContentType = IsQuery(call) ? "text/xml" : call.ContentType,
        Body = IsQuery(call) ? Xml(status, code, message) : Json(code, message),
    };

    private static bool IsQuery(AwsCall call) => call.Parameters.Count > 0;

    private static byte[] Xml(int status, string code, string message) => Encoding.UTF8.GetBytes(new XElement("ErrorResponse",
        Error(code, message, new XElement("Type", status < 500 ? "Sender" : "Receiver")),
        new XElement("RequestId", "lab")).ToString());

    private static XElement Error(string code, string message, params XElement[] more) =>
        new("Error", more, new XElement("Code", code), new XElement("Message", message));

    private static byte[] Json(string code, string message) =>
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["__type"] = code, ["message"] = message });
}
