using System.Text.Json;
using System.Text.Json.Nodes;

namespace Automation.LabTests.Report;

/// <summary>A page that is loaded in a browser.</summary>
internal sealed class BrowserPage
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DevTools tools;
    private readonly string session;

    private BrowserPage(DevTools tools, string session)
    {
        this.tools = tools;
        this.session = session;
    }

    /// <summary>What went wrong: exceptions of scripts, errors and warnings on the console, violations of the page's policy.</summary>
    public IReadOnlyList<string> Problems =>
    [
        .. from told in tools.Events.Entries
           where told.Session == session && told.Method switch
           {
               "Runtime.exceptionThrown" => true,
               "Runtime.consoleAPICalled" => told.Parameters.GetProperty("type").GetString() is "error" or "warning" or "assert",
               "Log.entryAdded" => told.Parameters.GetProperty("entry").GetProperty("level").GetString() is "error" or "warning",
               _ => false,
           }
           select told.Parameters.GetRawText(),
    ];

    /// <summary>The addresses of all that was asked for.</summary>
    public IReadOnlyList<string> Requests =>
    [
        .. from told in tools.Events.Entries
           where told.Session == session && told.Method == "Network.requestWillBeSent"
           select told.Parameters.GetProperty("request").GetProperty("url").GetString()!,
    ];

    /// <summary>Opens a page of this size and returns when it is loaded.</summary>
    public static async Task<BrowserPage> OpenAsync(Chromium browser, Uri address, int width, int height, CancellationToken cancellation)
    {
        var tools = browser.Tools;
        var target = (await tools.CallAsync(null, "Target.createTarget", new JsonObject { ["url"] = "about:blank" }, cancellation)).GetProperty("targetId").GetString();
        var attached = await tools.CallAsync(null, "Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true }, cancellation);
        var page = new BrowserPage(tools, attached.GetProperty("sessionId").GetString()!);
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" }) await page.CallAsync($"{domain}.enable", [], cancellation);
        await page.CallAsync("Emulation.setDeviceMetricsOverride",
            new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false }, cancellation);
        await page.CallAsync("Page.navigate", new JsonObject { ["url"] = address.AbsoluteUri }, cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        // The blank page has its own load event, maybe later than the call for this one: each event is a reason to look again.
        for (var seen = tools.Events.Entries.Count; !await page.IsLoadedAsync(address, limit.Token); seen = tools.Events.Entries.Count)
        {
            var known = seen;
            await tools.Events.FirstAsync(_ => tools.Events.Entries.Count > known, limit.Token);
        }
        return page;
    }

    /// <summary>The value of a JavaScript expression.</summary>
    /// <exception cref="InvalidOperationException">It threw.</exception>
    public async Task<JsonElement> EvaluateAsync(string expression, CancellationToken cancellation)
    {
        var answer = await CallAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true }, cancellation);
        if (answer.TryGetProperty("exceptionDetails", out var thrown)) throw new InvalidOperationException($"{expression}: {thrown}");
        return answer.GetProperty("result").GetProperty("value");
    }

    /// <summary>The texts of all elements that a selector finds.</summary>
    public async Task<IReadOnlyList<string>> TextsAsync(string selector, CancellationToken cancellation) =>
        [.. (await EvaluateAsync($"[...document.querySelectorAll({JsonSerializer.Serialize(selector)})].map(e => e.textContent)", cancellation)).EnumerateArray().Select(text => text.GetString()!)];

    /// <summary>How many elements a selector finds.</summary>
    public async Task<int> CountAsync(string selector, CancellationToken cancellation) =>
        (await EvaluateAsync($"document.querySelectorAll({JsonSerializer.Serialize(selector)}).length", cancellation)).GetInt32();

    /// <summary>Moves the pointer.</summary>
    public Task PointAsync(double x, double y, CancellationToken cancellation) =>
        CallAsync("Input.dispatchMouseEvent", new JsonObject { ["type"] = "mouseMoved", ["x"] = x, ["y"] = y }, cancellation);

    /// <summary>The page as a PDF, as it would be printed.</summary>
    public async Task<byte[]> PrintAsync(CancellationToken cancellation) => Convert.FromBase64String(
        (await CallAsync("Page.printToPDF", new JsonObject { ["preferCSSPageSize"] = true, ["printBackground"] = true }, cancellation)).GetProperty("data").GetString()!);

    public async Task<bool> IsAsync(string expression, CancellationToken cancellation) => (await EvaluateAsync(expression, cancellation)).ValueKind == JsonValueKind.True;

    private Task<bool> IsLoadedAsync(Uri address, CancellationToken cancellation) =>
        IsAsync($"location.href === {JsonSerializer.Serialize(address.AbsoluteUri)} && document.readyState === 'complete'", cancellation);

    private Task<JsonElement> CallAsync(string method, JsonObject parameters, CancellationToken cancellation) => tools.CallAsync(session, method, parameters, cancellation);
}
