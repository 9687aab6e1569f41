using System.Text.Json;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.CloudWatchEvents.ScheduledEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;

[assembly: LambdaGlobalProperties(GenerateMain = true)]
[assembly: LambdaSerializer(typeof(SourceGeneratorLambdaJsonSerializer<Automation.TestFunction.FunctionJson>))]

namespace Automation.TestFunction;

/// <summary>One method for each way a function can end.</summary>
public sealed class Functions(Counter counter)
{
    [LambdaFunction]
    public JsonElement Echo(JsonElement input) => input;

    [LambdaFunction]
    public Task<Answer> Describe(JsonElement input, ILambdaContext context, [FromServices] InvocationMark mark) =>
        Task.FromResult(new Answer
        {
            ProcessId = Environment.ProcessId,
            Invocation = mark.Number,
            RequestId = context.AwsRequestId,
            FunctionName = context.FunctionName,
            FunctionArn = context.InvokedFunctionArn,
            TraceId = Environment.GetEnvironmentVariable("_X_AMZN_TRACE_ID"),
            Region = Environment.GetEnvironmentVariable("AWS_REGION"),
            MemoryLimitInMB = context.MemoryLimitInMB,
            RemainingSeconds = context.RemainingTime.TotalSeconds,
            Variables = [.. Environment.GetEnvironmentVariables().Keys.Cast<string>().Order(StringComparer.Ordinal)],
        });

    [LambdaFunction]
    public string? Scheduled(ScheduledEvent scheduled) => $"{scheduled.DetailType} {scheduled.Time:O} {string.Join(' ', scheduled.Resources)}";

    [LambdaFunction]
    public async Task Fail(JsonElement input)
    {
        await Task.Yield();
        throw new InvalidOperationException("no snapshot today", new ArgumentException("the database has no tag"));
    }

    /// <summary>Says that it began; then never answers, when asked to.</summary>
    [LambdaFunction]
    public async Task<int> Hang(bool forever, ILambdaContext context)
    {
        context.Logger.LogInformation("began in {process}", Environment.ProcessId);
        if (forever) await new TaskCompletionSource().Task;
        return 0;
    }

    /// <summary>Ends the process in the middle of an invocation.</summary>
    [LambdaFunction]
    public int Crash(int exitCode)
    {
        Environment.Exit(exitCode);
        return exitCode;
    }

    /// <summary>Answers with a string of so many characters.</summary>
    [LambdaFunction]
    public string Big(int length) => new('x', length);

    /// <summary>Answers with a type that the JSON context does not know.</summary>
    [LambdaFunction]
    public Counter Unknown(JsonElement input) => counter;

    /// <summary>Writes the text in every way there is to log.</summary>
    [LambdaFunction]
    public int Log(string text, ILambdaContext context)
    {
        context.Logger.LogDebug("below the level: {text}", text);
        context.Logger.LogInformation(text);
        context.Logger.LogWarning("{database} has {count} of {text}", "orders", 3, text);
        context.Logger.LogError(new InvalidOperationException(text), "failed on {when}", DateTimeOffset.UnixEpoch);
        context.Logger.LogLine(text);
        LambdaLogger.Log(text);
        Console.WriteLine(text);
        Console.Error.WriteLine(text);
        context.Logger.LogInformation("names {names} of {missing}", new List<string> { "a", "b" });
        context.Logger.Log("{\"_aws\":{}}\n");
        return counter.Next();
    }
}
