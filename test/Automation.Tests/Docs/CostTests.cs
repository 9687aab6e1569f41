using System.Globalization;
using System.Text.RegularExpressions;
using Automation.Lab.Setup;

namespace Automation.Tests.Docs;

/// <summary>
/// The bill of docs/costs.md, and the short one of the README, are what the template and the code come to. After a change of either,
/// or of a price on the page, run this class with AUTOMATION_WRITE_DOCS=1 and read what became of them.
/// </summary>
public sealed partial class CostTests
{
    private const string Page = "docs/costs.md";

    private static readonly int[] Fleets = [10, 100];

    private static readonly Dictionary<string, decimal> Prices = PriceRow().Matches(Repository.Read(Page))
        .ToDictionary(row => row.Groups["id"].Value, row => decimal.Parse(row.Groups["price"].Value, CultureInfo.InvariantCulture));

    [Fact]
    public void Bill_OnThePage_IsWhatTheTemplateComesTo() => AssertBlock(Page, "bill", Table());

    [Fact]
    public void Bill_OfTheReadme_IsThatOfThePage() => AssertBlock("README.md", "costs", Short());

    [Fact]
    public void Assumptions_OnThePage_AreThoseOfTheBill() => AssertBlock(Page, "assumptions",
        ["| What is assumed | | Why |", "|---|---|---|", .. Bill.Assumptions.Select(one => $"| {one.Name} | {Number(one.Value)} | {one.Why} |")]);

    [Fact]
    public void Prices_OnThePage_AreEachUsed() => Assert.Equal(
        Prices.Keys.Order(StringComparer.Ordinal), Bill.Of(10).Select(line => line.Price).Distinct().Order(StringComparer.Ordinal));

    // Of two fleets the same positions, whose quantities only grow.
    [Fact]
    public void Bill_OfMoreDatabases_HasTheSamePositionsAndIsNowhereLess() => Assert.All(Bill.Of(10).Zip(Bill.Of(100)), pair =>
    {
        Assert.Equal(pair.First with { Quantity = 0 }, pair.Second with { Quantity = 0 });
        Assert.True(pair.First.Quantity <= pair.Second.Quantity, pair.First.Position);
    });

    private static IEnumerable<string> Table()
    {
        yield return "| Position | Quantity of a month | 10 | 100 | Price, $ | $ for 10 | $ for 100 | Switched off by |";
        yield return "|---|---|---:|---:|---:|---:|---:|---|";
        foreach (var (few, many) in Bill.Of(Fleets[0]).Zip(Bill.Of(Fleets[1])))
            yield return $"| {few.Service}: {few.Position} | {few.Formula} | {Number(few.Quantity)} | {Number(many.Quantity)} | {Prices[few.Price].ToString(CultureInfo.InvariantCulture)} | {Dollars(few)} | {Dollars(many)} | {few.SwitchedOffBy} |";
        foreach (var (what, isCounted) in Sums())
            yield return $"| **{what}** | | | | | **{Sum(Fleets[0], isCounted)}** | **{Sum(Fleets[1], isCounted)}** | |";
    }

    private static IEnumerable<string> Short()
    {
        yield return "| | 10 databases | 100 databases |";
        yield return "|---|---:|---:|";
        foreach (var service in Bill.Of(Fleets[0]).Select(line => line.Service).Distinct().Where(service => service != "Network"))
        {
            if (Fleets.All(fleet => Bill.Of(fleet).Where(line => line.Service == service).Sum(Amount) < 0.5m)) continue;
            yield return $"| {service} | ${Sum(Fleets[0], line => line.Service == service)} | ${Sum(Fleets[1], line => line.Service == service)} |";
        }
        foreach (var (what, isCounted) in Sums())
            yield return $"| **{what}** | **${Sum(Fleets[0], isCounted)}** | **${Sum(Fleets[1], isCounted)}** |";
    }

    private static IEnumerable<(string What, Func<BillLine, bool> IsCounted)> Sums() =>
    [
        ("All of the stack", line => line.Service != "Network"),
        ("With its own interface endpoints, where there is no NAT gateway", _ => true),
    ];

    private static decimal Amount(BillLine line) => line.Quantity * Prices[line.Price];

    private static string Dollars(BillLine line) => Amount(line).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Sum(int fleet, Func<BillLine, bool> isCounted) => Bill.Of(fleet).Where(isCounted).Sum(Amount).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Number(decimal value) =>
        value.ToString(value >= 1000 ? "#,0" : value >= 1 ? "0.##" : "0.####", CultureInfo.InvariantCulture);

    private static void AssertBlock(string page, string name, IEnumerable<string> lines)
    {
        var (begin, end) = ($"<!-- {name} -->\n", $"<!-- /{name} -->");
        var text = Repository.Read(page);
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = text.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from >= begin.Length && to >= from, $"{page} has no block {name}");
        var fresh = string.Join('\n', lines) + "\n";
        if (Environment.GetEnvironmentVariable("AUTOMATION_WRITE_DOCS") == "1")
            File.WriteAllText(Repository.PathOf(page), text[..from] + fresh + text[to..]);
        else
            Assert.Equal(fresh, text[from..to]);
    }

    [GeneratedRegex(@"^\| `(?<id>[a-z0-9-]+)` \|[^|]*\| (?<price>[0-9.]+) \|", RegexOptions.Multiline)]
    private static partial Regex PriceRow();
}
