using System.Globalization;

namespace Automation.Lab.Account;

/// <summary>
/// CloudWatch's metric math as far as the template needs it: numbers, ids, <c>+ - * / ^</c> and parentheses. A period
/// without a value in one of the inputs has no result.
/// </summary>
internal sealed class MetricMath
{
    private readonly string text;
    private readonly IReadOnlyDictionary<string, double?> values;
    private int position;

    private MetricMath(string text, IReadOnlyDictionary<string, double?> values) => (this.text, this.values) = (text, values);

    /// <exception cref="FormatException">The expression is malformed, or uses a function or id the lab does not know.</exception>
    public static double? Evaluate(string expression, IReadOnlyDictionary<string, double?> values)
    {
        var math = new MetricMath(expression, values);
        var result = math.Sum();
        // A division by zero has no value, as in CloudWatch.
        return math.Next() == '\0' ? result is { } number && double.IsFinite(number) ? number : null : throw math.Unexpected();
    }

    private double? Sum()
    {
        var left = Product();
        while (Next() is '+' or '-') left = Take() == '+' ? left + Product() : left - Product();
        return left;
    }

    private double? Product()
    {
        var left = Power();
        while (Next() is '*' or '/') left = Take() == '*' ? left * Power() : left / Power();
        return left;
    }

    private double? Power()
    {
        var left = Factor();
        if (Next() != '^') return left;
        Take();
        return left is { } number && Power() is { } exponent ? Math.Pow(number, exponent) : null;
    }

    private double? Factor()
    {
        switch (Next())
        {
            case '-':
                Take();
                return -Factor();
            case '(':
                Take();
                var inner = Sum();
                return Next() == ')' && Take() == ')' ? inner : throw Unexpected();
            case var c when char.IsAsciiDigit(c):
                return double.Parse(Word(d => char.IsAsciiDigit(d) || d == '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
            case var c when char.IsAsciiLetterLower(c):
                var id = Word(d => char.IsAsciiLetterOrDigit(d) || d == '_');
                return values.TryGetValue(id, out var value) ? value : throw new FormatException($"metric math '{text}': no metric '{id}'");
            default:
                throw Unexpected();
        }
    }

    private char Next()
    {
        while (position < text.Length && text[position] == ' ') position++;
        return position < text.Length ? text[position] : '\0';
    }

    private char Take() => text[position++];

    private string Word(Func<char, bool> belongs)
    {
        var start = position;
        while (position < text.Length && belongs(text[position])) position++;
        return text[start..position];
    }

    private FormatException Unexpected() => new(string.Create(CultureInfo.InvariantCulture,
        $"metric math '{text}': the lab knows numbers, ids, + - * / ^ and parentheses; stopped at character {position + 1}"));
}
