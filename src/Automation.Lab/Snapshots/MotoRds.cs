using System.Xml.Linq;
using Automation.Lab.Account;

namespace Automation.Lab.Snapshots;

/// <summary>RDS as moto has it, in its own protocol and in any Region.</summary>
internal sealed class MotoRds(Uri moto) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = moto, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Passes a call on as it is. A caller who hangs up stops nothing: AWS does not stop halfway either.</summary>
    public Task<AwsAnswer> SendAsync(AwsCall call) => SendAsync(call, call.Region, call.Parameters);

    /// <summary>Makes a call for a caller: moto takes the account from who signed.</summary>
    public async Task<AwsAnswer> SendAsync(AwsCall caller, string region, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, (Uri?)null) { Content = new FormUrlEncodedContent(parameters) };
        request.Headers.TryAddWithoutValidation("Authorization",
            $"AWS4-HMAC-SHA256 Credential={caller.AccessKeyId}/20260101/{region}/rds/aws4_request, SignedHeaders=host, Signature=0");
        using var response = await http.SendAsync(request);
        return new AwsAnswer
        {
            Status = (int)response.StatusCode,
            ContentType = response.Content.Headers.ContentType?.ToString() ?? "",
            Body = await response.Content.ReadAsByteArrayAsync(),
        };
    }

    /// <summary>Asks for one thing by its id: the answer is moto's refusal when there is no element.</summary>
    public async Task<(XElement? Found, AwsAnswer Answer)> FindAsync(AwsCall caller, string region, string element, string id)
    {
        var answer = await SendAsync(caller, region, Request($"Describe{element}s", (element + "Identifier", id)));
        return (answer.Succeeded ? answer.Document().Named(element).FirstOrDefault() : null, answer);
    }

    /// <summary>Asks for everything of a kind, page by page.</summary>
    /// <exception cref="InvalidOperationException">moto refused.</exception>
    public async Task<IReadOnlyList<XElement>> ListAsync(AwsCall caller, string element, params (string Name, string Value)[] parameters)
    {
        var found = new List<XElement>();
        for (string? marker = ""; marker is not null;)
        {
            var answer = await SendAsync(caller, caller.Region,
                Request($"Describe{element}s", marker.Length == 0 ? parameters : [.. parameters, ("Marker", marker)]));
            if (!answer.Succeeded) throw new InvalidOperationException($"moto refused Describe{element}s with {answer.Status}");
            var document = answer.Document();
            found.AddRange(document.Named(element));
            marker = document.Named("Marker").FirstOrDefault()?.Value is { Length: > 0 } next ? next : null;
        }
        return found;
    }

    public void Dispose() => http.Dispose();

    private static IEnumerable<KeyValuePair<string, string>> Request(string action, params (string Name, string Value)[] parameters) =>
    [
        KeyValuePair.Create("Action", action),
        KeyValuePair.Create("Version", "2014-10-31"),
        .. parameters.Select(p => KeyValuePair.Create(p.Name, p.Value)),
    ];
}
