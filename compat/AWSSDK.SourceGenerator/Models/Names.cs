using System.Text;

namespace AWSSDK.SourceGenerator.Models;

/// <summary>The naming rules of the published packages.</summary>
internal static class Names
{
    public static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);

    /// <summary><c>DBInstanceNotFoundFault</c> is <c>DBInstanceNotFoundException</c>.</summary>
    public static string Exception(string shape)
    {
        if (shape.EndsWith("Exception", StringComparison.Ordinal)) return Pascal(shape);
        var stem = shape.EndsWith("Fault", StringComparison.Ordinal) ? shape.Substring(0, shape.Length - "Fault".Length) : shape;
        return Pascal(stem) + "Exception";
    }

    /// <summary>
    /// The words between separators, each with a capital letter: <c>db-cluster-snapshot</c> is <c>DbClusterSnapshot</c>,
    /// <c>Bytes/Second</c> is <c>BytesSecond</c>, <c>READ_WRITE</c> stays.
    /// </summary>
    public static string Constant(string value)
    {
        var words = value.Split(['-', '/', '.', ':', ' ', '(', ')', ','], StringSplitOptions.RemoveEmptyEntries);
        var name = words.Aggregate(new StringBuilder(), (all, word) => all.Append(Pascal(word))).ToString();
        return char.IsDigit(name[0]) ? "_" + name : name;
    }
}
