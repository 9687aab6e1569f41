using System.Globalization;
using System.Runtime.InteropServices;

namespace Automation.Lab.Lambda;

/// <summary>The variables of a function's process: the template's, those that Lambda sets, and nothing of the lab's own.</summary>
internal static class FunctionEnvironment
{
    // The sandbox's number tells the log streams of one function's processes apart.
    public static Dictionary<string, string?> For(FunctionDefinition function, string runtimeApi, int sandbox)
    {
        var taskRoot = Path.GetDirectoryName(Path.GetFullPath(function.ExecutablePath))!;
        var variables = new Dictionary<string, string?>();
        foreach (var (name, value) in function.Environment) variables[name] = value;

        variables["AWS_LAMBDA_RUNTIME_API"] = runtimeApi;
        variables["_HANDLER"] = function.Handler;
        variables["AWS_LAMBDA_FUNCTION_NAME"] = function.Name;
        variables["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST";
        variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = function.MemoryMB.ToString(CultureInfo.InvariantCulture);
        variables["AWS_LAMBDA_LOG_GROUP_NAME"] = function.LogGroup ?? $"/aws/lambda/{function.Name}";
        variables["AWS_LAMBDA_LOG_STREAM_NAME"] = string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow:yyyy/MM/dd}/[$LATEST]{sandbox:x32}");
        variables["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand";
        variables["AWS_LAMBDA_LOG_FORMAT"] = function.LogFormat;
        if (function.LogFormat == "JSON") variables["AWS_LAMBDA_LOG_LEVEL"] = function.LogLevel;
        variables["AWS_EXECUTION_ENV"] = "AWS_Lambda_dotnet10";
        variables["AWS_REGION"] = function.Region;
        variables["AWS_DEFAULT_REGION"] = function.Region;
        if (function.Credentials is { } credentials)
        {
            variables["AWS_ACCESS_KEY_ID"] = credentials.AccessKeyId;
            variables["AWS_SECRET_ACCESS_KEY"] = credentials.SecretAccessKey;
            variables["AWS_SESSION_TOKEN"] = credentials.SessionToken;
        }
        variables["LAMBDA_TASK_ROOT"] = taskRoot;
        variables["LANG"] = "en_US.UTF-8";
        variables["TZ"] = ":UTC";

        // A killed process would leave its debugger's pipes and socket in the temporary directory.
        variables["DOTNET_EnableDiagnostics"] = "0";

        // A person's ~/.aws must not reach the function.
        variables["HOME"] = taskRoot;
        // A runtime of its own must be found without what the machine has installed.
        variables["PATH"] = function.RuntimeRoot is null ? "/usr/local/bin:/usr/bin:/bin" : "";
        // Otherwise the runtime that runs the lab runs the functions too: <root>/shared/Microsoft.NETCore.App/<version>/.
        variables["DOTNET_ROOT"] = function.RuntimeRoot ?? Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return variables;
    }
}
