using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using Automation.Telemetry;

namespace Automation.Failover.Page;

/// <summary>
/// HTML in the making. What stands in the source is markup; every hole of an interpolated string is encoded, whatever it holds, so
/// that no name, tag or error text can become markup.
/// </summary>
internal sealed class HtmlText
{
    private const int LongestHole = 100_000;

    private readonly StringBuilder text = new();

    /// <summary>Adds a line.</summary>
    /// <param name="line">Has written itself into this page by the time it is handed over.</param>
    public void Add([InterpolatedStringHandlerArgument("")] Line line) => text.Append('\n');

    /// <summary>Adds what is markup as a whole, and so must be known when this is compiled.</summary>
    public void Markup([ConstantExpected] string markup) => text.Append(markup).Append('\n');

    public override string ToString() => text.ToString();

    /// <summary>Encodes the holes.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Line(int literals, int holes, HtmlText page)
    {
        private readonly StringBuilder text = Room(page, literals + holes * 8);

        public void AppendLiteral(string markup) => text.Append(markup);

        public void AppendFormatted(string? value) => text.Append(HtmlEncoder.Default.Encode(Printable.Line(value ?? "", LongestHole)));

        public void AppendFormatted<T>(T value, string? format = null)
            where T : struct, IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

        private static StringBuilder Room(HtmlText page, int length)
        {
            page.text.EnsureCapacity(page.text.Length + length);
            return page.text;
        }
    }
}
