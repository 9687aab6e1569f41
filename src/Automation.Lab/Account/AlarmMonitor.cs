using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Automation.Lab.Template;

namespace Automation.Lab.Account;

/// <summary>A state change of an alarm.</summary>
internal sealed record AlarmTransition(TemplateAlarm Alarm, AlarmRecord Previous, AlarmRecord Current);

/// <summary>
/// The alarms of the template: created in CloudWatch, evaluated once a period from the data there, and told to the event
/// bus and to the alarm's topics when their state changes, and only then.
/// </summary>
/// <remarks>Periods are shortened as <see cref="LabClock"/> says; what the events state is the period of the template.</remarks>
internal sealed class AlarmMonitor(IAmazonCloudWatch cloudWatch, LabClock clock, Action<AlarmTransition> announce)
{
    private readonly AlarmMetrics metrics = new(cloudWatch, clock);

    public Journal<AlarmTransition> Transitions { get; } = new();

    /// <summary>Creates the alarms; each begins without data.</summary>
    public async Task CreateAsync(IEnumerable<TemplateAlarm> alarms, CancellationToken cancellation)
    {
        foreach (var alarm in alarms)
        {
            metrics.Period(alarm);
            await cloudWatch.PutMetricAlarmAsync(CloudWatchShapes.Alarm(alarm), cancellation);
            await SetStateAsync(alarm, AlarmRecord.Initial(clock.Now), cancellation);
        }
    }

    /// <summary>Evaluates one alarm at the end of each of its periods until cancelled.</summary>
    public async Task RunAsync(TemplateAlarm alarm, CancellationToken cancellation)
    {
        var current = AlarmRecord.Initial(clock.Now);
        var period = metrics.Period(alarm);
        while (true)
        {
            await UntilNextPeriodAsync(period, cancellation);
            current = await EvaluateAsync(alarm, current, cancellation);
        }
    }

    /// <summary>Evaluates one alarm once.</summary>
    /// <returns>Its state from now on.</returns>
    public async Task<AlarmRecord> EvaluateAsync(TemplateAlarm alarm, AlarmRecord current, CancellationToken cancellation)
    {
        var now = clock.Now;
        var verdict = AlarmEvaluation.Decide(alarm, await metrics.RangeAsync(alarm, now, cancellation));
        if (verdict.State is not { } state || state == current.State) return current;
        var next = AlarmRecord.Of(alarm, current.State, state, verdict, now);
        await SetStateAsync(alarm, next, cancellation);
        var transition = new AlarmTransition(alarm, current, next);
        Transitions.Add(transition);
        announce(transition);
        return next;
    }

    private async Task UntilNextPeriodAsync(TimeSpan period, CancellationToken cancellation)
    {
        // A tenth of a period later, so that the last sample of the period has arrived.
        var untilEnd = period.Ticks - clock.Now.UtcTicks % period.Ticks;
        await Task.Delay(TimeSpan.FromTicks(untilEnd) + period / 10, clock.Time, cancellation);
    }

    private async Task SetStateAsync(TemplateAlarm alarm, AlarmRecord record, CancellationToken cancellation) =>
        await cloudWatch.SetAlarmStateAsync(new SetAlarmStateRequest
        {
            AlarmName = alarm.Name,
            StateValue = record.State.Wire(),
            StateReason = record.Reason,
            StateReasonData = record.ReasonData,
        }, cancellation);
}
