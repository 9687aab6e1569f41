using Automation.Lab.Gate;
using Automation.Lab.Postgres;

namespace Automation.Lab.Failover;

/// <summary>
/// Plays a failover on real servers: what clients see at the endpoints is staged in the order that was observed on RDS;
/// which rows survive is not.
/// </summary>
internal sealed class FailoverPlay(FailoverParts parts, FailoverScript script, TimeProvider time)
{
    /// <returns>The truth, when the endpoints serve again (or never will).</returns>
    public async Task<FailoverTruth> RunAsync(Moment acceptedAt, CancellationToken cancellation)
    {
        var truth = new FailoverTruth { Outcome = script.Outcome, AcceptedAt = acceptedAt };
        await WaitAsync(script.Lead, cancellation);
        if (script.Outcome == FailoverOutcome.Abandoned) return truth;
        if (script.Outcome == FailoverOutcome.Switched && parts.Standby is null)
            throw new InvalidOperationException($"{parts.Primary.Name} has no standby to switch to.");

        IReadOnlyList<DatabaseGate> dying = [.. parts.Direct, .. parts.OfThePrimary];
        // First the silence: what the dying server still says reaches nobody.
        foreach (var gate in dying) gate.Mode = GateMode.Silent;
        truth = truth with { KilledAt = Now };
        parts.OnOutage();
        await Task.WhenAll(parts.Primary.StopAsync(PostgresShutdown.Immediate), WaitAsync(script.Silent, cancellation));
        foreach (var gate in dying) gate.Mode = GateMode.Refusing;
        await WaitAsync(script.Refused, cancellation);

        return script.Outcome switch
        {
            FailoverOutcome.NeverBack => truth,
            FailoverOutcome.BackToSame => await ComeBackAsync(truth, dying, cancellation),
            _ => await SwitchAsync(truth, parts.Standby!, cancellation),
        };
    }

    private Moment Now => Moment.Now(time);

    private async Task<FailoverTruth> ComeBackAsync(FailoverTruth truth, IReadOnlyList<DatabaseGate> gates, CancellationToken cancellation)
    {
        foreach (var gate in gates) gate.Mode = GateMode.StartingUp;
        await Task.WhenAll(parts.Primary.StartAsync(cancellation), WaitAsync(script.StartingUp, cancellation));
        await parts.OnServer(parts.Primary, true, cancellation);
        var proxied = Point(parts.Proxy, parts.Primary);
        foreach (var gate in gates) gate.Mode = GateMode.Serving;
        return truth with { ServingAt = Now, ProxyServingAt = proxied };
    }

    private async Task<FailoverTruth> SwitchAsync(FailoverTruth truth, PostgresStandby standby, CancellationToken cancellation)
    {
        foreach (var gate in parts.Direct) gate.Backend = standby.Server.EndPoint;
        if (script.StaysReader > TimeSpan.Zero)
        {
            await parts.OnServer(standby.Server, false, cancellation);
            foreach (var gate in parts.Direct) gate.Mode = GateMode.Serving;
            await WaitAsync(script.StaysReader, cancellation);
            // It becomes the primary by a restart: nobody's session is a writer's all at once.
            foreach (var gate in parts.Direct)
            {
                gate.Mode = GateMode.StartingUp;
                gate.DropConnections();
            }
        }
        await standby.PromoteAsync(cancellation);
        truth = truth with { PromotedAt = Now };
        foreach (var gate in parts.OfTheStandby) gate.DropConnections();
        await parts.OnServer(standby.Server, true, cancellation);
        truth = truth with { ProxyServingAt = Point(parts.Proxy, standby.Server) };
        foreach (var gate in parts.Direct) gate.Mode = GateMode.StartingUp;
        await WaitAsync(script.StartingUp, cancellation);
        foreach (var gate in parts.Direct) gate.Mode = GateMode.Serving;
        return truth with { ServingAt = Now };
    }

    private Moment? Point(DatabaseGate? proxy, PostgresServer server)
    {
        if (proxy is null) return null;
        proxy.Backend = server.EndPoint;
        return Now;
    }

    private Task WaitAsync(TimeSpan duration, CancellationToken cancellation) => Task.Delay(duration, time, cancellation);
}
