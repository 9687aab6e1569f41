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
        foreach (var shape in model.Enumerations)
        {
            var name = shape.ClassName;
            source.Line();
            source.Open($"public class {name} : ConstantClass");
            foreach (var value in shape.EnumerationValues)
                source.Line($"public static readonly {name} {Names.Constant(value)} = new {name}(\"{value}\");");
            source.Lines($"""

                public {name}(string value) : base(value) {"{ }"}

                public static {name} FindValue(string value) => FindValue<{name}>(value);

                public static implicit operator {name}(string value) => FindValue(value);
                """);
            source.Close();
        }
        return source.ToString();
    }
}
