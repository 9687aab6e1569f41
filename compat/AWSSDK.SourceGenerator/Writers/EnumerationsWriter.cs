using AWSSDK.SourceGenerator.Models;

namespace AWSSDK.SourceGenerator.Writers;

internal static class EnumerationsWriter
{
    public static string Write(ServiceModel model)
    {
        var source = new SourceWriter();
        source.Lines($"""
            using Amazon.Runtime;

            namespace {model.Namespace};
            """);
        foreach (var shape in model.Enumerations) WriteClass(source, shape);
        return source.ToString();
    }

    private static void WriteClass(SourceWriter source, Shape shape)
    {
        var name = shape.ClassName;
        source.Line();
        source.Open($"public class {name} : ConstantClass");
        foreach (var value in shape.EnumerationValues)
            source.Line($"public static readonly {name} {Names.Constant(value)} = new {name}(\"{value}\");");
        source.Lines($"""

            public {name}(string value) : base(value) {"{ }"}

            public static implicit operator {name}(string value) => FindValue(value);

            """);
        // The base class finds a constant by reflection: left to values that the model does not have.
        source.Open($"public static {name} FindValue(string value) => value switch");
        source.Line("null => null,");
        foreach (var value in shape.EnumerationValues) source.Line($"\"{value}\" => {Names.Constant(value)},");
        source.Line($"_ => FindValue<{name}>(value),");
        source.Close(";");
        source.Close();
    }
}
