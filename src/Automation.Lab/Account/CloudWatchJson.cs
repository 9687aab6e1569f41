using System.Text.Encodings.Web;
using System.Text.Json;

namespace Automation.Lab.Account;

/// <summary>JSON as AWS writes it.</summary>
internal static class CloudWatchJson
{
    /// <summary>Without .NET's escapes for HTML: <c>+0000</c> and <c>-&gt;</c> stay readable, also inside <c>reasonData</c>.</summary>
    public static JsonWriterOptions Plain { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
