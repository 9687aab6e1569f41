using System.Globalization;
using System.Text.Json;

namespace Automation.Lab.Report.Html;

/// <summary>Facts as a decision carries them, JSON of any shape, as tables a person reads.</summary>
internal static class FactsTable
{
    private const int MostRows = 60, Deepest = 6;

    /// <summary>Writes an object's facts, one a row; lists of objects become tables of their own.</summary>
    public static void Write(HtmlText page, JsonElement facts)
    {
        if (facts.ValueKind != JsonValueKind.Object || !facts.EnumerateObject().Any())
        {
            page.Markup("<p class=\"faint\">No facts beyond the sentence above.</p>");
            return;
        }
        Object(page, facts, 0);
    }

    private static void Object(HtmlText page, JsonElement facts, int depth)
    {
        page.Markup("<table class=\"facts\"><tbody>");
        foreach (var fact in facts.EnumerateObject())
        {
            page.Add($"<tr><th scope=\"row\">{Words(fact.Name)}</th><td>");
            Value(page, fact.Value, depth);
            page.Markup("</td></tr>");
        }
        page.Markup("</tbody></table>");
    }

    private static void Value(HtmlText page, JsonElement value, int depth)
    {
        // As deep as no function goes: what is deeper is shown as it is.
        if (depth >= Deepest || value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)) page.Add($"{Text(value)}");
        else if (value.ValueKind == JsonValueKind.Object) Object(page, value, depth + 1);
        else if (value.GetArrayLength() == 0) page.Markup("<span class=\"faint\">none</span>");
        else if (value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.Object)) Rows(page, [.. value.EnumerateArray()], depth);
        else List(page, [.. value.EnumerateArray()], depth);
    }

    private static void Rows(HtmlText page, List<JsonElement> rows, int depth)
    {
        var columns = rows.SelectMany(row => row.EnumerateObject().Select(fact => fact.Name)).Distinct().ToList();
        page.Markup("<div class=\"wide\"><table class=\"rows\"><thead><tr>");
        foreach (var column in columns) page.Add($"<th>{Words(column)}</th>");
        page.Markup("</tr></thead><tbody>");
        foreach (var row in rows.Take(MostRows))
        {
            page.Markup("<tr>");
            foreach (var column in columns)
            {
                page.Markup("<td>");
                if (row.TryGetProperty(column, out var value)) Value(page, value, depth + 1);
                page.Markup("</td>");
            }
            page.Markup("</tr>");
        }
        page.Markup("</tbody></table></div>");
        if (rows.Count > MostRows) page.Add($"<p class=\"faint\">and {rows.Count - MostRows} more</p>");
    }

    private static void List(HtmlText page, List<JsonElement> values, int depth)
    {
        if (values.All(value => value.ValueKind is JsonValueKind.Number))
        {
            page.Add($"{string.Join(", ", values.Select(Text))}");
            return;
        }
        page.Markup("<ul>");
        foreach (var value in values.Take(MostRows))
        {
            page.Markup("<li>");
            Value(page, value, depth + 1);
            page.Markup("</li>");
        }
        page.Markup("</ul>");
        if (values.Count > MostRows) page.Add($"<p class=\"faint\">and {values.Count - MostRows} more</p>");
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Null or JsonValueKind.Undefined => "–",
        JsonValueKind.Number when value.TryGetInt64(out var whole) => Grouped(whole),
        _ => value.GetRawText(),
    };

    // A number of bytes is not read without its groups; a pid or a year has none.
    private static string Grouped(long whole) => Math.Abs(whole) < 1_000_000
        ? whole.ToString(CultureInfo.InvariantCulture)
        : whole.ToString("N0", CultureInfo.InvariantCulture).Replace(',', '\u2009');

    /// <summary><c>writeDowntimeMs</c> as "write downtime ms".</summary>
    private static string Words(string name) =>
        string.Concat(name.Select((c, n) => n > 0 && char.IsUpper(c) && !char.IsUpper(name[n - 1]) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));
}
