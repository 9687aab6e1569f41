using AWSSDK.SourceGenerator.Models;

namespace AWSSDK.SourceGenerator.Writers;

/// <summary>The C# types of shapes.</summary>
internal static class CSharpTypes
{
    /// <summary>The type of a property: value types are nullable, so that "not sent" is not zero.</summary>
    public static string OfProperty(Shape shape) =>
        IsValueType(shape) ? OfElement(shape) + "?"
        : shape.Kind == ShapeKind.Enumeration ? shape.ClassName
        : OfElement(shape);

    /// <summary>The type within a list or map, where enumerations are plain strings.</summary>
    public static string OfElement(Shape shape) => shape.Kind switch
    {
        ShapeKind.Structure => shape.ClassName,
        ShapeKind.List => $"List<{OfElement(shape.Item)}>",
        ShapeKind.Map => $"Dictionary<{OfElement(shape.Key)}, {OfElement(shape.Value)}>",
        ShapeKind.Text or ShapeKind.Enumeration => "string",
        ShapeKind.Integer => "int",
        ShapeKind.Long => "long",
        ShapeKind.Double => "double",
        ShapeKind.Boolean => "bool",
        ShapeKind.Timestamp => "DateTime",
        ShapeKind.Blob => "MemoryStream",
        _ => throw new ArgumentOutOfRangeException(nameof(shape)),
    };

    /// <summary>The core's unmarshaller of a property's value.</summary>
    public static string UnmarshallerOfProperty(Shape shape) =>
        IsValueType(shape) ? "Nullable" + UnmarshallerOfElement(shape) : UnmarshallerOfElement(shape);

    public static string UnmarshallerOfElement(Shape shape) => shape.Kind switch
    {
        ShapeKind.Structure => shape.ClassName + "Unmarshaller",
        ShapeKind.List => $"JsonListUnmarshaller<{OfElement(shape.Item)}, {UnmarshallerOfElement(shape.Item)}>",
        ShapeKind.Map => $"JsonDictionaryUnmarshaller<{OfElement(shape.Key)}, {OfElement(shape.Value)}, "
            + $"{UnmarshallerOfElement(shape.Key)}, {UnmarshallerOfElement(shape.Value)}>",
        ShapeKind.Text or ShapeKind.Enumeration => "StringUnmarshaller",
        ShapeKind.Integer => "IntUnmarshaller",
        ShapeKind.Long => "LongUnmarshaller",
        ShapeKind.Double => "DoubleUnmarshaller",
        ShapeKind.Boolean => "BoolUnmarshaller",
        ShapeKind.Timestamp => "DateTimeUnmarshaller",
        ShapeKind.Blob => "MemoryStreamUnmarshaller",
        _ => throw new ArgumentOutOfRangeException(nameof(shape)),
    };

    public static bool IsValueType(Shape shape) =>
        shape.Kind is ShapeKind.Integer or ShapeKind.Long or ShapeKind.Double or ShapeKind.Boolean or ShapeKind.Timestamp;
}
