using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Automation.Lab.Account;

namespace Automation.Lab.Snapshots;

/// <summary>Answers of RDS's query protocol, read and written again.</summary>
internal static class RdsXml
{
    public static XElement Document(this AwsAnswer answer)
    {
        using var stream = new MemoryStream(answer.Body.ToArray());
        return XElement.Load(stream, LoadOptions.PreserveWhitespace);
    }

    public static AwsAnswer With(this AwsAnswer answer, XElement document)
    {
        using var written = new MemoryStream();
        using (var writer = XmlWriter.Create(written, new XmlWriterSettings { Encoding = new UTF8Encoding(false) })) document.Save(writer);
        return answer with { Body = written.ToArray() };
    }

    /// <summary>Every element of a name, at any depth.</summary>
    public static IEnumerable<XElement> Named(this XElement element, string name) => element.Descendants(element.Name.Namespace + name);

    public static string? Text(this XElement element, string name) => element.Element(element.Name.Namespace + name)?.Value;

    /// <summary>Sets a child; <c>null</c> removes it.</summary>
    public static void Set(this XElement element, string name, string? value) =>
        element.SetElementValue(element.Name.Namespace + name, value);

    public static void Set(this XElement element, string name, DateTimeOffset? value) =>
        element.Set(name, value?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    public static string? Parameter(this AwsCall call, string name) => call.Parameters.GetValueOrDefault(name);
}
