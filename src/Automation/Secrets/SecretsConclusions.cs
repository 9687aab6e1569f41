using System.Globalization;
using System.Text;
using System.Text.Json;
using Automation.Events;
using Automation.Outcomes;
using Automation.Telemetry;

namespace Automation.Secrets;

/// <summary>Puts a step's end into words: the outcome for machines, the announcement for people. Pure. Only a plan that a person asked for names a role.</summary>
internal static class SecretsConclusions
{
    public static Conclusion Of(RotationRequest request, StepResult result)
    {
        var outcome = new Outcome
        {
            Database = result.Rotation is { } rotation ? DatabaseOf(rotation.Current) : SecretOf(request),
            Kind = result.Rotation?.Current switch
            {
                { InstanceId: not null } => "instance",
                { ClusterId: not null } => "cluster",
                _ => "unknown",
            },
            Decision = result.Decision,
            Reason = result.Reason,
            Summary = result.Summary,
            Resource = result.Rotation?.Secret.Arn ?? SecretOf(request),
            Details = Details(request, result),
        };
        return new Conclusion(outcome)
        {
            Announcement = SeverityOf(request, result) is { } severity ? Announce(request, outcome, result, severity) : null,
            Metrics = result.Gap is { } gap ? [MetricValue.RotationGapMs(gap)] : null,
        };
    }

    /// <summary>The instance or cluster where the secret names one, else the host.</summary>
    public static string DatabaseOf(SecretDocument secret) => secret.InstanceId ?? secret.ClusterId ?? secret.Host;

    /// <summary>A rotation is told when it ended; steps on the way are not.</summary>
    private static Severity? SeverityOf(RotationRequest request, StepResult result) => result switch
    {
        { IsStopped: true } when Reasons.Critical.Contains(result.Reason) || MayBeAnOutage(request, result) => Severity.Critical,
        { IsStopped: true } => Severity.Warning,
        { Decision: Decision.Observed } => Severity.Warning,
        { Reason: Reasons.Repaired } => Severity.Warning,
        { Reason: Reasons.Rotated } => result.Notes.Any(note => note.StartsWith("WARNING", StringComparison.Ordinal)) ? Severity.Warning : Severity.Info,
        _ => null,
    };

    /// <summary>After setSecret of one role the current version does not log in until finishSecret has moved the label.</summary>
    private static bool MayBeAnOutage(RotationRequest request, StepResult result) =>
        request is RotationRequest.Step { Name: RotationStep.Test or RotationStep.Finish } && result.Reason != Reasons.RotationNotEnabled
        && result.Rotation is null or { Pending: not null, Strategy: not RotationStrategy.AlternatingUsers };

    private static Announcement Announce(RotationRequest request, Outcome outcome, StepResult result, Severity severity)
    {
        var text = new StringBuilder();
        text.AppendLine(result.IsStopped
            ? $"{StepOf(request)} of the secret did not happen: {result.Summary}."
            : $"{char.ToUpperInvariant(result.Summary[0])}{result.Summary[1..]}.").AppendLine();
        Line(text, $"  secret    {outcome.Resource}");
        Line(text, $"  database  {outcome.Database}");
        if (request is RotationRequest.Step(_, _, var token, _)) Line(text, $"  version   {Printable.Line(token)}");
        if (result.Rotation is { } rotation) Line(text, $"  strategy  {StrategyRules.NameOf(rotation.Strategy)}");
        if (result.Gap is { } gap) Line(text, $"  gap       {gap.TotalMilliseconds:F0} ms in which the former version did not log in (sessions that were open stayed)");
        Line(text, $"  reason    {result.Reason}");
        foreach (var note in result.Notes) Line(text, $"  - {note}");
        if (result.IsStopped || result.Decision == Decision.Observed) Next(text, outcome.Resource, request, result);
        return new Announcement(outcome, severity, Headline(request, outcome), text.ToString().TrimEnd());
    }

    private static string Headline(RotationRequest request, Outcome outcome) => outcome.Reason == Reasons.Rotated
        ? $"{outcome.Database}: password rotated"
        : $"{outcome.Database}: {StepOf(request)}: {outcome.Reason}";

    private static void Next(StringBuilder text, string secret, RotationRequest request, StepResult result)
    {
        text.AppendLine().AppendLine("WHAT TO DO NEXT");
        if (request is RotationRequest.Step && Reasons.MayPass.Contains(result.Reason)) Line(text, $"  - It may pass: Secrets Manager tries the rotation again by itself, with the same password.");
        Line(text, $"  - To see which version of the secret logs in, and what would repair it, invoke RotateSecret with");
        Line(text, $"      {{\"detail\":{{\"secret\":\"{secret}\"}}}}        (add \"mode\":\"act\" to have it repaired)");
    }

    private static JsonElement Details(RotationRequest request, StepResult result)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("step", StepOf(request));
            if (result.Rotation is { } rotation) writer.WriteString("strategy", StrategyRules.NameOf(rotation.Strategy));
            else writer.WriteNull("strategy");
            if (request is RotationRequest.Step(_, _, var token, _)) writer.WriteString("version", Printable.Line(token));
            if (result.Gap is { } gap) writer.WriteNumber("gapMs", Math.Round(gap.TotalMilliseconds));
            if (result.Notes.Count > 0)
            {
                writer.WriteStartArray("notes");
                foreach (var note in result.Notes) writer.WriteStringValue(note);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        using var document = JsonDocument.Parse(buffer.ToArray());
        return document.RootElement.Clone();
    }

    private static string StepOf(RotationRequest request) => request switch
    {
        RotationRequest.Step(var step, _, _, _) => RotationRequestReader.NameOf(step),
        RotationRequest.ByHand => "recovery",
        _ => throw new ArgumentOutOfRangeException(nameof(request), request.GetType(), null),
    };

    private static string SecretOf(RotationRequest request) => Printable.Line(request switch
    {
        RotationRequest.Step(_, var id, _, _) => id,
        RotationRequest.ByHand(var id, _) => id,
        _ => throw new ArgumentOutOfRangeException(nameof(request), request.GetType(), null),
    }, 2048);

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture).TrimEnd());
}
