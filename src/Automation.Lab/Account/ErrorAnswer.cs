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

    public static AwsAnswer Create(AwsCall call, int status, string code, string message) => new()
    {
        Status = status,
        ContentType = IsQuery(call) ? "text/xml" : call.ContentType,
        Body = IsQuery(call) ? Xml(status, code, message) : Json(code, message),
    };

    private static bool IsQuery(AwsCall call) => call.Parameters.Count > 0;

    private static byte[] Xml(int status, string code, string message) => Encoding.UTF8.GetBytes(new XElement("ErrorResponse",
        new XElement("Error",
            new XElement("Type", status < 500 ? "Sender" : "Receiver"),
            new XElement("Code", code),
            new XElement("Message", message)),
        new XElement("RequestId", "lab")).ToString());

    private static byte[] Json(string code, string message) =>
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["__type"] = code, ["message"] = message });
}
