using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Automation.Lab.Account;

namespace Automation.Lab.Failover;

/// <summary>Answers of RDS that the lab writes itself.</summary>
internal static class RdsAnswer
{
    private static readonly XNamespace Rds = "http://rds.amazonaws.com/doc/2014-10-31/";

    /// <summary>An element of RDS's namespace; parts that are <c>null</c> are left out.</summary>
    public static XElement Element(string name, params object?[] content) => new(Rds + name, content);

    /// <summary>A child, or nothing.</summary>
    public static XElement? Optional(string name, string? value) => value is null ? null : Element(name, value);

    /// <inheritdoc cref="Optional(string, string?)"/>
    public static XElement? Optional(string name, DateTimeOffset? value) =>
        Optional(name, value?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    public static AwsAnswer Of(AwsCall call, params object?[] result) => new()
    {
        Status = 200,
        ContentType = "text/xml",
        Body = Encoding.UTF8.GetBytes(Element(call.Action + "Response",
            Element(call.Action + "Result", result),
            Element("ResponseMetadata", Element("RequestId", "lab"))).ToString(SaveOptions.DisableFormatting)),
    };
}
