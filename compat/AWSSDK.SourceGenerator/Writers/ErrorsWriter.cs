using AWSSDK.SourceGenerator.Models;

namespace AWSSDK.SourceGenerator.Writers;

/// <summary>From an error's code to the exception that the model declares for the operation.</summary>
internal static class ErrorsWriter
{
    private const string Arguments = "(error.Message, innerException, error.Type, error.Code, error.RequestId, statusCode)";

    /// <summary>The rest of a method that has <c>error</c>, <c>innerException</c> and <c>statusCode</c>.</summary>
    public static void Write(SourceWriter source, ServiceModel model, Operation operation, string code)
    {
        source.Open($"return {code} switch");
        foreach (var error in operation.Errors)
            source.Line($"{Pattern(model, error)} => new {error.ClassName}{Arguments},");
        source.Line($"_ => new {model.Prefix}Exception{Arguments},");
        source.Close(";");
    }

    // The query protocol names errors by their code, JSON by their shape; a service that changed from one to the other
    // may answer either.
    private static string Pattern(ServiceModel model, Shape error)
    {
        var name = $"\"{error.ModelName}\"";
        var code = $"\"{error.ErrorCode}\"";
        return model.Protocol == Protocol.Query || name == code ? code
            : model.IsQueryCompatible ? $"{name} or {code}"
            : name;
    }
}
