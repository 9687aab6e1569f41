using System.Buffers;
using System.Text.Json;
using Amazon.Runtime.Internal.Util;
using Amazon.Util;

namespace AWSSDK.Client;

/// <summary>The body of a request of the AWS JSON protocols.</summary>
internal static class JsonContent
{
    public static byte[] Of<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) write(writer, value);
        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteInteger(Utf8JsonWriter writer, int value) => writer.WriteNumberValue(value);

    public static void WriteLong(Utf8JsonWriter writer, long value) => writer.WriteNumberValue(value);

    public static void WriteDouble(Utf8JsonWriter writer, double value)
    {
        if (StringUtils.IsSpecialDoubleValue(value)) writer.WriteStringValue(StringUtils.FromSpecialDoubleValue(value));
        else writer.WriteNumberValue(value);
    }

    public static void WriteTimestamp(Utf8JsonWriter writer, DateTime value) =>
        writer.WriteNumberValue(AWSSDKUtils.ConvertToUnixEpochSecondsDecimal(value));

    public static void WriteBlob(Utf8JsonWriter writer, MemoryStream value) =>
        writer.WriteStringValue(StringUtils.FromMemoryStream(value));
}
