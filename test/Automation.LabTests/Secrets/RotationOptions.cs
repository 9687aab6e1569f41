using Automation.Fleet;
using Automation.LabTests.Account;
using Automation.Ledger;
using Automation.Outcomes;
using Automation.Secrets;

namespace Automation.LabTests.Secrets;

/// <summary>What differs from <see cref="Startup"/>: the patience with AWS always, on a machine full of tests.</summary>
internal sealed record RotationOptions
{
    public Mode Mode { get; init; } = Mode.Act;
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Lambda's limit on one invocation (template.yaml).</summary>
    public TimeSpan FunctionLimit { get; init; } = TimeSpan.FromSeconds(120);

    public int AwsRetries { get; init; } = Startup.AwsRetries;
    public TimeSpan AwsCallLimit { get; init; } = AccountOnMoto.Patience;

    /// <summary>Around the store on the wire, inside of <see cref="VersionMemory"/>.</summary>
    public Func<ISecretStore, ISecretStore> Store { get; init; } = store => store;
    public Func<ILedger, ILedger> Ledger { get; init; } = ledger => ledger;
    public Func<IRoleLogins, IRoleLogins> Logins { get; init; } = logins => logins;
    public Func<ISecretTargets, ISecretTargets> Targets { get; init; } = targets => targets;
}
