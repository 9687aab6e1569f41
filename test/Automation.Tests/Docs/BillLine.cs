namespace Automation.Tests.Docs;

/// <summary>One position of the bill.</summary>
/// <param name="Service">Of AWS.</param>
/// <param name="Position">What is paid for.</param>
/// <param name="Formula">Where the quantity comes from.</param>
/// <param name="Quantity">Of a month, in the unit of its price.</param>
/// <param name="Price">Name of the price in docs/costs.md.</param>
/// <param name="SwitchedOffBy">The parameter or tag that ends it.</param>
internal sealed record BillLine(string Service, string Position, string Formula, decimal Quantity, string Price, string SwitchedOffBy);
