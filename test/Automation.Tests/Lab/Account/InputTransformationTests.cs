using System.Text.Json;
using Automation.Lab.Account;
using Automation.Lab.Template;

namespace Automation.Tests.Lab.Account;

public sealed class InputTransformationTests
{
    private const string Event = """
        {"detail-type":"made up","time":"2026-01-14T02:10:20Z",
         "detail":{"error":"role \"app\" said C:\\no <time>","none":null,"count":3,"done":true,"empty":"",
                   "deep":{"er":{"id":"a1"}},"list":["x",1]}}
        """;

    [Theory]
    [InlineData("text", "$.detail-type", "\"<v>\"", "\"made up\"")]
    [InlineData("nested", "$.detail.deep.er.id", "\"<v>\"", "\"a1\"")]
    [InlineData("several times", "$.time", "\"<v>, <v>\"", "\"2026-01-14T02:10:20Z, 2026-01-14T02:10:20Z\"")]
    [InlineData("missing field", "$.detail.errorMessage", "\"said: <v>\"", "\"said: \"")]
    [InlineData("missing parent", "$.detail.additional.id", "\"said: <v>\"", "\"said: \"")]
    [InlineData("below a text", "$.time.hour", "\"said: <v>\"", "\"said: \"")]
    [InlineData("below a list", "$.detail.list.x", "\"said: <v>\"", "\"said: \"")]
    [InlineData("another case", "$.Detail.count", "\"said: <v>\"", "\"said: \"")]
    [InlineData("empty text", "$.detail.empty", "\"said: <v>\"", "\"said: \"")]
    [InlineData("quotes in the value", "$.detail.error", "\"<v>\"", "\"role \"app\" said C:\\no <time>\"")]
    [InlineData("number", "$.detail.count", "\"<v>\"", "\"3\"")]
    [InlineData("true", "$.detail.done", "\"<v>\"", "\"true\"")]
    [InlineData("object loses its quotes", "$.detail.deep", "\"<v>\"", "\"{er:{id:a1}}\"")]
    [InlineData("list loses its quotes", "$.detail.list", "\"<v>\"", "\"[x,1]\"")]
    [InlineData("quotes of the template stay", "$.detail.count", "\"\\\"<v>\\\"\"", "\"\\\"3\\\"\"")]
    [InlineData("several lines", "$.detail.count", "\"one\"\n\"<v>\"\n", "\"one\"\n\"3\"\n")]
    [InlineData("no variable", "$.detail.count", "\"5 < 6 > 4\"", "\"5 < 6 > 4\"")]
    public void Render_Template_IsWhatTheTargetGets(string what, string path, string template, string expected)
    {
        var transformer = new TemplateInputTransformer(new Dictionary<string, IReadOnlyList<string>> { ["v"] = path.Split('.')[1..] }, template);

        Assert.Equal((what, expected), (what, InputTransformation.Render(transformer, JsonElement.Parse(Event))));
    }
}
