using System.Text.Json;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Automation;
using Automation.Events;
using Automation.Outcomes;
using Automation.Telemetry;
using Microsoft.Extensions.DependencyInjection;

[assembly: LambdaGlobalProperties(GenerateMain = true)]
[assembly: LambdaSerializer(typeof(SourceGeneratorLambdaJsonSerializer<FunctionsJson>))]

namespace Automation;

/// <summary>
/// Entry points, one a trigger. <c>ANNOTATIONS_HANDLER</c> names the one to run. What they need is made at the first event,
/// not at start: INIT stays short.
/// </summary>
/// <param name="services">The composition root (<see cref="Startup"/>).</param>
public sealed class Functions(IServiceProvider services)
{
    /// <summary>Kept of the function's time for closing the ledger and telling people, whatever the run was waiting for.</summary>
    internal static readonly TimeSpan EndMargin = TimeSpan.FromSeconds(15);

    /// <summary>A CloudWatch alarm on <c>AWS/RDS DatabaseConnections</c> changed its state.</summary>
    /// <param name="input">The EventBridge event, or the payload of a direct alarm action.</param>
    /// <param name="context">The invocation.</param>
    [LambdaFunction]
    public Task<FunctionResult> RelieveConnections(JsonElement input, ILambdaContext context) => RunAsync(
        input, context, nameof(RelieveConnections), Connections.RelieveConnections.Capability, AlarmStateChangeReader.Read,
        (alarm, invocation, stop) => One(services.GetRequiredService<Connections.RelieveConnections>().RunAsync(alarm, invocation, stop)));

    /// <summary>A step of a rotation by Secrets Manager, or a recovery by hand.</summary>
    /// <param name="input">The step, or <c>{"detail":{"secret":"…","mode":"act"}}</c>.</param>
    /// <param name="context">The invocation.</param>
    /// <exception cref="Exception">The step was refused or failed; the type is named after the reason.</exception>
    [LambdaFunction]
    public async Task<FunctionResult> RotateSecret(JsonElement input, ILambdaContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = Read(input, context, nameof(RotateSecret), RotationRequestReader.Read);
        using var deadline = DeadlineOf(context);
        var invocation = InvocationOf(input, context);
        var conclusion = (await services.GetRequiredService<Secrets.RotateSecret>().RunAsync(request, invocation, deadline.Token)).From(invocation);
        var run = services.GetRequiredService<FunctionRun>();
        return request is RotationRequest.Step
            ? await run.FinishStepAsync(conclusion, context.Logger, CancellationToken.None)
            : await run.FinishAsync(Secrets.RotateSecret.Capability, [conclusion], context.Logger, CancellationToken.None);
    }

    /// <summary>A schedule: takes the snapshots that are due.</summary>
    /// <param name="input">The scheduled event, or <c>{"detail":{"database":"ID","mode":"observe"}}</c>.</param>
    /// <param name="context">The invocation.</param>
    [LambdaFunction]
    public Task<FunctionResult> TakeSnapshots(JsonElement input, ILambdaContext context) => RunAsync(
        input, context, nameof(TakeSnapshots), Snapshots.TakeSnapshots.Capability, SnapshotsRequestReader.ReadSchedule,
        (request, invocation, stop) => All(services.GetRequiredService<Snapshots.TakeSnapshots>().RunAsync(request, invocation, stop)));

    /// <summary>A schedule, or an event of a snapshot: copies, shares, retention, and how old the newest proofs are.</summary>
    /// <param name="input">The scheduled event, RDS's event, or <c>{"detail":{"database":"ID","mode":"observe"}}</c>.</param>
    /// <param name="context">The invocation.</param>
    [LambdaFunction]
    public Task<FunctionResult> ReconcileSnapshots(JsonElement input, ILambdaContext context) => RunAsync(
        input, context, nameof(ReconcileSnapshots), Snapshots.TakeSnapshots.Capability, SnapshotsRequestReader.Read,
        (request, invocation, stop) => All(services.GetRequiredService<Snapshots.ReconcileSnapshots>().RunAsync(request, invocation, stop)));

    /// <summary>A schedule, or a person: fails staging databases over and measures what clients see.</summary>
    /// <param name="input">The scheduled event, or <c>{"detail":{"database":"ID","mode":"act"}}</c>. No event of RDS: it would answer a failover with another.</param>
    /// <param name="context">The invocation.</param>
    [LambdaFunction]
    public Task<FunctionResult> TestFailover(JsonElement input, ILambdaContext context) => RunAsync(
        input, context, nameof(TestFailover), Failover.TestFailover.Capability, ScheduleRequestReader.Read,
        (request, invocation, stop) => services.GetRequiredService<Failover.TestFailover>().RunAsync(request, invocation, stop));

    /// <summary>A disk is nearly full: an alarm on <c>AWS/RDS FreeStorageSpace</c>, an event of RDS, or a person says so; a schedule looks for those that stayed so.</summary>
    /// <param name="input">The alarm's change of state, RDS-EVENT-0007, 0089, 0221 or 0222, the scheduled event, or <c>{"detail":{"database":"ID","mode":"observe"}}</c>.</param>
    /// <param name="context">The invocation.</param>
    [LambdaFunction]
    public Task<FunctionResult> GrowStorage(JsonElement input, ILambdaContext context) => RunAsync(
        input, context, nameof(GrowStorage), Storage.GrowStorage.Capability, StorageRequestReader.Read,
        (request, invocation, stop) => request is StorageRequest.Everything(var id)
            ? services.GetRequiredService<Storage.LookAgain>().RunAsync(id, invocation, stop)
            : One(services.GetRequiredService<Storage.GrowStorage>().RunAsync(request, invocation, stop)));

    /// <summary>A schedule: forecasts how long the storage of every database that opts in lasts.</summary>
    /// <param name="input">The scheduled event, or <c>{"detail":{"database":"ID"}}</c>.</param>
    /// <param name="context">The invocation.</param>
    [LambdaFunction]
    public Task<FunctionResult> ForecastStorage(JsonElement input, ILambdaContext context) => RunAsync(
        input, context, nameof(ForecastStorage), Storage.GrowStorage.Capability, ScheduleRequestReader.Read,
        (request, invocation, stop) => services.GetRequiredService<Storage.ForecastStorage>().RunAsync(request, invocation, stop));

    /// <summary>A person: plans, and on request makes, the role that the other functions log in as.</summary>
    /// <param name="input"><c>{"detail":{"database":"ID","mode":"observe"}}</c>, with <c>in</c>, <c>rotates</c> and <c>testsFailover</c> as wanted.</param>
    /// <param name="context">The invocation.</param>
    [LambdaFunction]
    public Task<FunctionResult> PrepareDatabase(JsonElement input, ILambdaContext context) => RunAsync(
        input, context, nameof(PrepareDatabase), Preparation.PrepareDatabase.Capability, PreparationRequestReader.Read,
        (request, invocation, stop) => One(services.GetRequiredService<Preparation.PrepareDatabase>().RunAsync(request, invocation, stop)));

    private async Task<FunctionResult> RunAsync<TRequest>(
        JsonElement input, ILambdaContext context, string function, string capability, Func<JsonElement, TRequest> read,
        Func<TRequest, Invocation, CancellationToken, IAsyncEnumerable<Conclusion>> run)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = Read(input, context, function, read);
        using var deadline = DeadlineOf(context);
        var invocation = InvocationOf(input, context);
        var conclusions = run(request, invocation, deadline.Token).Select(conclusion => conclusion.From(invocation));
        return await services.GetRequiredService<FunctionRun>()
            .FinishAsync(capability, conclusions, context.Logger, CancellationToken.None);
    }

    private static async IAsyncEnumerable<Conclusion> One(Task<Conclusion> run)
    {
        yield return await run;
    }

    private static async IAsyncEnumerable<Conclusion> All(Task<IReadOnlyList<Conclusion>> run)
    {
        foreach (var conclusion in await run) yield return conclusion;
    }

    private Invocation InvocationOf(JsonElement input, ILambdaContext context) =>
        new(context.AwsRequestId, services.GetRequiredService<TimeProvider>().GetUtcNow() + context.RemainingTime - EndMargin)
        {
            Origin = Origin.Of(input, context.AwsRequestId, context.LogGroupName),
        };

    private CancellationTokenSource DeadlineOf(ILambdaContext context) =>
        new(Positive(context.RemainingTime - EndMargin), services.GetRequiredService<TimeProvider>());

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;

    private static T Read<T>(JsonElement input, ILambdaContext context, string function, Func<JsonElement, T> read)
    {
        try
        {
            return read(input);
        }
        catch (InvalidInputException e)
        {
            Log.InputRefused(context.Logger, function, e.Message);
            throw;
        }
    }
}
