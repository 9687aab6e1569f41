using System.Reflection;

namespace Automation.Tests.Compat.Lambda;

/// <summary>A type and its public members in the words of the listing.</summary>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary><c>class Amazon.X.Y&lt;T&gt; : Base, Interface</c>.</summary>
    public static string Of(Type type)
    {
        var parents = new List<Type>();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum)) parents.Add(parent);
        parents.AddRange(type.GetInterfaces());
        return $"{Kind(type)} {Name(type)}{(parents.Count == 0 ? "" : $" : {string.Join(", ", parents.Select(Name))}")}";
    }

    public static IEnumerable<string> MembersOf(Type type)
    {
        if (type.IsEnum) return [string.Join(", ", Enum.GetNames(type))];
        return
        [
            .. type.GetConstructors(Declared).Where(constructor => !constructor.IsStatic).Select(constructor => $".ctor({Parameters(constructor)})"),
            .. type.GetProperties(Declared).Select(Property),
            .. type.GetFields(Declared).Select(field => $"{Static(field.IsStatic)}{Name(field.FieldType)} {field.Name}"),
            .. type.GetEvents(Declared).Select(@event => $"event {@event.Name}"),
            .. type.GetMethods(Declared).Where(method => !method.IsSpecialName).Select(Method),
        ];
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        _ => "class",
    };

    private static string Property(PropertyInfo property)
    {
        var get = property.GetMethod is { IsPublic: true } ? "get; " : "";
        var set = property.SetMethod is { IsPublic: true } ? "set; " : "";
        return $"{Static(property.GetAccessors()[0].IsStatic)}{Name(property.PropertyType)} {property.Name} {{ {get}{set}}}";
    }

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
        return $"{Static(method.IsStatic)}{Name(method.ReturnType)} {method.Name}{generic}({Parameters(method)})";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = default" : "")}"));

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    /// <summary>AWS's own types with their namespace, .NET's without.</summary>
    private static string Name(Type type)
    {
        if (type.IsByRef) return $"{Name(type.GetElementType()!)}&";
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[]";
        if (type.IsGenericParameter) return type.Name;

        var own = type.Name.Split('`')[0];
        var prefix = type.IsNested ? $"{Name(type.DeclaringType!)}."
            : type.Namespace?.StartsWith("Amazon.", StringComparison.Ordinal) == true ? $"{type.Namespace}." : "";
        var arguments = type.IsGenericType ? $"<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : "";
        return prefix + own + arguments;
    }
}
