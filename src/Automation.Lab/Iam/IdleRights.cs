namespace Automation.Lab.Iam;

/// <summary>Rights that no call of the lab's run uses, and what they are for. A right that is neither used nor here is one too many.</summary>
internal static class IdleRights
{
    private const string Clusters = "an Aurora cluster; this account has instances",
        HostsOfRds = "a host name of RDS; the databases here are at localhost",
        ToldOfCreation = "a snapshot that cannot be taken; none was refused here",
        OwnKeys = "a database with a key of the customer's; this one has AWS's";

    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["WriteLogs"] = "Lambda itself, which writes what the function prints with the function's role",
        ["HandOverFailures"] = "Lambda itself, for an event that no attempt could finish",
        ["RelieveConnectionsRole/FindTheCluster"] = Clusters,
        ["GrowStorageRole/FindTheClusters"] = Clusters,
        ["TakenSnapshotsPolicy/TakeOfClusters"] = Clusters,
        ["TestedDatabasesPolicy/FailClustersOver"] = Clusters,
        ["TestedDatabasesPolicy/NameTheTarget"] = Clusters,
        ["RotateSecretRole/FindTheInstance"] = HostsOfRds,
        ["RotateSecretRole/FindTheCluster"] = HostsOfRds,
        ["RotatedSecretsPolicy/ReadAdministrators"] = "a secret that names an administrator; here the automation's own role is it",
        ["TakeSnapshotsRole/TellPeople"] = ToldOfCreation,
        ["TakeSnapshotsRole/EncryptWhatIsTold"] = ToldOfCreation,
        ["ReconcileSnapshotsRole/ReadSourcesThroughRds"] = OwnKeys,
        ["ReconcileSnapshotsRole/LetRdsReadSources"] = OwnKeys,
        ["ReconcileSnapshotsRole/EncryptCopiesThroughRds"] =
            "RDS, when it encrypts a copy: AWS documents kms:DescribeKey and kms:CreateGrant, and not that it asks for no more",
    };

    /// <summary>The statements that have a reason: <c>Policy/Sid</c>, or the <c>Sid</c> alone where every policy with it has the same.</summary>
    public static IReadOnlyCollection<string> Statements => Reasons.Keys;

    /// <summary>What a statement is for, by its name or that of its policy; <c>null</c> when nobody knows.</summary>
    public static string? WhyOf(string statement) => Reasons.GetValueOrDefault(statement) ?? Reasons.GetValueOrDefault(statement[(statement.IndexOf('/', StringComparison.Ordinal) + 1)..]);
}
