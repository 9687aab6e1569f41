using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Automation.Tests.Compat.Aws;

/// <summary>A member of an AWS package that the application's code names; a type alone has no member.</summary>
internal sealed record AwsUse(string Assembly, string Namespace, string Type, string? Member)
{
    public override string ToString() => Member is null ? $"{Namespace}.{Type}" : $"{Namespace}.{Type}.{Member}";
}

/// <summary>What a compiled assembly refers to: the compiler wrote down every type and member that its code uses.</summary>
internal static class AwsUses
{
    public static IReadOnlyList<AwsUse> Of(string path)
    {
        using var image = new PEReader(File.OpenRead(path));
        var metadata = image.GetMetadataReader();
        var uses = metadata.TypeReferences.Select(handle => TypeOf(metadata, handle)).OfType<AwsUse>().ToHashSet();
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind == HandleKind.TypeReference && TypeOf(metadata, (TypeReferenceHandle)member.Parent) is { } type)
                uses.Add(type with { Member = metadata.GetString(member.Name) });
        }
        return [.. uses.OrderBy(use => use.ToString(), StringComparer.Ordinal)];
    }

    private static AwsUse? TypeOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        if (type.ResolutionScope.Kind != HandleKind.AssemblyReference) return null;
        var assembly = metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name);
        return assembly.StartsWith("AWSSDK.", StringComparison.Ordinal) || assembly.StartsWith("Amazon.", StringComparison.Ordinal)
            ? new AwsUse(assembly, metadata.GetString(type.Namespace), metadata.GetString(type.Name), null)
            : null;
    }
}
