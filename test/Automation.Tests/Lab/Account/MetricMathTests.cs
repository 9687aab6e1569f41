using Automation.Lab.Account;

namespace Automation.Tests.Lab.Account;

public sealed class MetricMathTests
{
    private static readonly Dictionary<string, double?> Values = new() { ["m1"] = 30, ["m2"] = 4, ["zero"] = 0, ["gap"] = null };

    [Theory]
    [InlineData("100*m1/m2", 750.0)]
    [InlineData("m1 - m2 - 1", 25.0)]
    [InlineData("m1 - (m2 - 1)", 27.0)]
    [InlineData("2 ^ 3 ^ 2", 512.0)]
    [InlineData("-m2 + 0.5", -3.5)]
    [InlineData("100*m1/(m2*1073741824)", 100 * 30 / (4 * 1073741824.0))]
    [InlineData("m1/zero", null)]
    [InlineData("m1+gap", null)]
    public void Evaluate_Expression_HasItsValue(string expression, double? expected) =>
        Assert.Equal(expected, MetricMath.Evaluate(expression, Values));

    [Theory]
    [InlineData("FILL(m1, 0)", "stopped at character 1")]
    [InlineData("m1 +", "stopped at character 5")]
    [InlineData("(m1", "stopped at character 4")]
    [InlineData("m1 m2", "stopped at character 4")]
    [InlineData("m9 * 2", "no metric 'm9'")]
    public void Evaluate_Malformed_SaysWhere(string expression, string problem)
    {
        var error = Assert.Throws<FormatException>(() => MetricMath.Evaluate(expression, Values));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }
}
