using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Automation.Lab.Report.Html;

/// <summary>
/// HTML in the making. What stands in the source is markup; every hole of an interpolated string is encoded, whatever it holds: a
/// session's application_name, a tag and an error text are chosen by strangers.
/// </summary>
internal sealed class HtmlText
{
    private readonly StringBuilder text = new();

    /// <summary>Adds a line.</summary>
    /// <param name="line">Has written itself into this page by the time it is handed over.</param>
    public void Add([InterpolatedStringHandlerArgument("")] Line line) => text.Append('\n');

    /// <summary>Adds what is markup as a whole, and so must be known when this is compiled.</summary>
    public void Markup([ConstantExpected] string markup) => text.Append(markup).Append('\n');

    /// <summary>Adds several lines of somebody else's text, which a <c>pre</c> shows as they are.</summary>
    public void Lines(string foreign) => text.Append(Encode(foreign, keepLines: true));

    public override string ToString() => text.ToString();

    private static string Encode(string foreign, bool keepLines)
    {
        var clean = new StringBuilder(foreign.Length);
        foreach (var rune in foreign.EnumerateRunes())
        {
            // Nothing that moves what is read: controls, and marks that change the direction of writing.
            var category = Rune.GetUnicodeCategory(rune);
            if (keepLines && rune.Value is '\n' or '\t') clean.Append((char)rune.Value);
            else if (category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) clean.Append(' ');
            else clean.Append(rune);
        }
        return HtmlEncoder.Default.Encode(clean.ToString()).Replace("&#xA;", "\n", StringComparison.Ordinal).Replace("&#x9;", "\t", StringComparison.Ordinal);
    }

    /// <summary>Encodes the holes.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Line
    {
        private readonly StringBuilder text;

        public Line(int literals, int holes, HtmlText page)
        {
            text = page.text;
            text.EnsureCapacity(text.Length + literals + (holes * 8));
        }

        public void AppendLiteral(string markup) => text.Append(markup);

        public void AppendFormatted(string? value) => text.Append(Encode(value ?? "", keepLines: false));

        public void AppendFormatted<T>(T value, string? format = null)
            where T : struct, IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));
    }
}
