using Amazon.Runtime.Internal.Transform;

namespace AWSSDK.Client;

/// <summary>Lists and maps in XML answers. As in the published packages, one without items is <c>null</c>.</summary>
internal static class XmlCollections
{
    public static List<T> List<T>(XmlUnmarshallerContext context, string itemName, Func<XmlUnmarshallerContext, T> read)
    {
        List<T> items = null;
        var depth = context.CurrentDepth;
        while (context.ReadAtDepth(depth))
        {
            if (IsChild(context, depth, itemName)) (items ??= []).Add(read(context));
        }
        return items;
    }

    public static Dictionary<TKey, TValue> Map<TKey, TValue>(
        XmlUnmarshallerContext context, string keyName, string valueName,
        Func<XmlUnmarshallerContext, TKey> readKey, Func<XmlUnmarshallerContext, TValue> readValue)
    {
        Dictionary<TKey, TValue> entries = null;
        var depth = context.CurrentDepth;
        while (context.ReadAtDepth(depth))
        {
            if (!IsChild(context, depth, "entry")) continue;
            TKey key = default;
            TValue value = default;
            while (context.ReadAtDepth(depth + 1))
            {
                if (IsChild(context, depth + 1, keyName)) key = readKey(context);
                else if (IsChild(context, depth + 1, valueName)) value = readValue(context);
            }
            (entries ??= [])[key] = value;
        }
        return entries;
    }

    private static bool IsChild(XmlUnmarshallerContext context, int depth, string name) =>
        context.IsStartElement && context.CurrentDepth == depth + 1 && context.CurrentElementName == name;
}
