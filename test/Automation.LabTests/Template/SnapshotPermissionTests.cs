using System.Text.Json.Nodes;
using Automation.Lab.Iam;

namespace Automation.LabTests.Template;

/// <summary>What the snapshot functions may do: make what carries our tag, delete only that, share nothing unless asked.</summary>
public sealed class SnapshotPermissionTests(SamTranslation sam) : IClassFixture<SamTranslation>
{
    private const string Here = "eu-central-1:123456789012", There = "eu-west-1:123456789012";
    private const string Database = $"arn:aws:rds:{Here}:db:orders", Cluster = $"arn:aws:rds:{Here}:cluster:ledger";
    private const string Own = $"arn:aws:rds:{Here}:snapshot:auto-orders-20261121-0600";
    private const string OwnOfCluster = $"arn:aws:rds:{Here}:cluster-snapshot:auto-ledger-20261121-0600";
    private const string Copy = $"arn:aws:rds:{There}:snapshot:auto-orders-20261121-0600-eu-central-1";
    private const string CopyOfCluster = $"arn:aws:rds:{There}:cluster-snapshot:auto-ledger-20261121-0600-eu-central-1";
    private const string Key = $"arn:aws:kms:{Here}:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private const string KeyThere = $"arn:aws:kms:{There}:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    private static readonly (string, string) Ours = ("aws:ResourceTag/automation:managed-by", "automation");
    private static readonly (string, string) Tagging = ("aws:RequestTag/automation:managed-by", "automation");
    private static readonly (string, string) CopyOf = ("aws:RequestTag/automation:copy-of", Own);
    private static readonly (string, string) Sharing = ("ShareAccounts", "210987654321");

    [Theory]
    [InlineData("rds:DescribeDBInstances", Database)]
    [InlineData("rds:DescribeDBClusters", Cluster)]
    [InlineData("rds:DescribeDBSnapshots", $"arn:aws:rds:{Here}:snapshot:*")]
    [InlineData("rds:DescribeDBClusterSnapshots", $"arn:aws:rds:{Here}:cluster-snapshot:*")]
    [InlineData("rds:CreateDBSnapshot", Database)]
    [InlineData("rds:CreateDBSnapshot", Own)]
    [InlineData("rds:CreateDBClusterSnapshot", Cluster)]
    [InlineData("rds:CreateDBClusterSnapshot", OwnOfCluster)]
    [InlineData("rds:AddTagsToResource", Own)]
    [InlineData("rds:AddTagsToResource", OwnOfCluster)]
    [InlineData("dynamodb:Query", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("dynamodb:ConditionCheckItem", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("sns:Publish", $"arn:aws:sns:{Here}:lab-NotificationTopic")]
    [InlineData("sqs:SendMessage", $"arn:aws:sqs:{Here}:lab-FailedInvocationsQueue")]
    [InlineData("logs:PutLogEvents", $"arn:aws:logs:{Here}:log-group:/aws/lambda/lab-TakeSnapshots:log-stream:one")]
    public void Take_CallItMakes_IsAllowed(string action, string resource) => Assert.Equal(Verdict.Allowed, Take().Evaluate(action, resource, Tagging));

    // A snapshot without our tag would be nobody's to delete, and one by another name could be somebody's.
    [Theory]
    [InlineData("rds:CreateDBSnapshot", Own)]
    [InlineData("rds:CreateDBSnapshot", Database)]
    [InlineData("rds:CreateDBClusterSnapshot", OwnOfCluster)]
    [InlineData("rds:AddTagsToResource", Own)]
    public void Take_WithoutOurTag_IsNotAllowed(string action, string resource)
    {
        Assert.Equal(Verdict.NotAllowed, Take().Evaluate(action, resource));
        Assert.Equal(Verdict.NotAllowed, Take().Evaluate(action, resource, ("aws:RequestTag/automation:managed-by", "me")));
        Assert.Equal(Verdict.NotAllowed, Take(("TagPrefix", "ops")).Evaluate(action, resource, Tagging));
        Assert.Equal(Verdict.Allowed, Take(("TagPrefix", "ops")).Evaluate(action, resource, ("aws:RequestTag/ops:managed-by", "automation")));
    }

    [Theory]
    [InlineData("rds:CreateDBSnapshot", $"arn:aws:rds:{Here}:snapshot:orders-before-migration")]
    [InlineData("rds:AddTagsToResource", $"arn:aws:rds:{Here}:snapshot:orders-before-migration")]
    [InlineData("rds:CreateDBSnapshot", $"arn:aws:rds:{There}:snapshot:auto-orders-20261121-0600")]
    [InlineData("kms:CreateGrant", Key)]
    [InlineData("rds-db:connect", $"arn:aws:rds-db:{Here}:dbuser:db-ABCDEFGHIJKL01234/automation")]
    [InlineData("sns:Publish", $"arn:aws:sns:{Here}:payments")]
    [InlineData("dynamodb:DeleteItem", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    public void Take_AnythingElse_IsNotAllowed(string action, string resource) => Assert.Equal(Verdict.NotAllowed, Take().Evaluate(action, resource, Tagging, Ours));

    // Denied and not only not allowed: a permission that is added by mistake does not open these.
    [Theory]
    [InlineData("rds:DeleteDBSnapshot", Own)]
    [InlineData("rds:DeleteDBClusterSnapshot", OwnOfCluster)]
    [InlineData("rds:CopyDBSnapshot", Own)]
    [InlineData("rds:ModifyDBSnapshotAttribute", Own)]
    [InlineData("rds:ModifyDBSnapshot", Own)]
    [InlineData("rds:RemoveTagsFromResource", Own)]
    [InlineData("rds:AddTagsToResource", Database)]
    [InlineData("rds:AddTagsToResource", Cluster)]
    [InlineData("rds:ModifyDBInstance", Database)]
    [InlineData("rds:DeleteDBInstance", Database)]
    [InlineData("rds:DeleteDBInstanceAutomatedBackup", $"arn:aws:rds:{Here}:auto-backup:ab-1")]
    [InlineData("rds:RebootDBInstance", Database)]
    [InlineData("rds:FailoverDBCluster", Cluster)]
    [InlineData("rds:RestoreDBInstanceFromDBSnapshot", Own)]
    [InlineData("rds:CreateDBInstanceReadReplica", Database)]
    [InlineData("rds:StartExportTask", Own)]
    public void Take_DeletionOrChange_IsDeniedEvenIfAllowedOneDay(string action, string resource) =>
        Assert.Equal(Verdict.Denied, AndAllowsAll("TakeSnapshotsRole").Evaluate(action, resource, Tagging, Ours));

    [Theory]
    [InlineData("rds:DescribeDBInstances", Database)]
    [InlineData("rds:DescribeDBClusters", Cluster)]
    [InlineData("rds:DescribeDBSnapshots", $"arn:aws:rds:{There}:snapshot:*")]
    [InlineData("rds:DescribeDBSnapshots", $"arn:aws:rds:{There}:db:orders")]
    [InlineData("rds:DescribeDBClusterSnapshots", $"arn:aws:rds:{There}:cluster-snapshot:*")]
    [InlineData("rds:DescribeDBClusterSnapshots", $"arn:aws:rds:{There}:cluster:ledger")]
    [InlineData("rds:DescribeDBSnapshotAttributes", Copy)]
    [InlineData("rds:DescribeDBClusterSnapshotAttributes", CopyOfCluster)]
    [InlineData("rds:DescribeAccountAttributes", "*")]
    [InlineData("dynamodb:PutItem", $"arn:aws:dynamodb:{Here}:table/lab-LedgerTable")]
    [InlineData("sns:Publish", $"arn:aws:sns:{Here}:lab-NotificationTopic")]
    [InlineData("sqs:SendMessage", $"arn:aws:sqs:{Here}:lab-FailedInvocationsQueue")]
    [InlineData("logs:PutLogEvents", $"arn:aws:logs:{Here}:log-group:/aws/lambda/lab-ReconcileSnapshots:log-stream:one")]
    public void Reconcile_CallItMakes_IsAllowed(string action, string resource) => Assert.Equal(Verdict.Allowed, Reconcile().Evaluate(action, resource));

    // RDS asks for the source and for the target of a copy.
    [Theory]
    [InlineData("rds:CopyDBSnapshot", Own)]
    [InlineData("rds:CopyDBSnapshot", Copy)]
    [InlineData("rds:CopyDBClusterSnapshot", OwnOfCluster)]
    [InlineData("rds:CopyDBClusterSnapshot", CopyOfCluster)]
    [InlineData("rds:AddTagsToResource", Copy)]
    [InlineData("rds:AddTagsToResource", CopyOfCluster)]
    public void Reconcile_Copy_IsAllowedWithOurTagsAlone(string action, string resource)
    {
        Assert.Equal(Verdict.Allowed, Reconcile().Evaluate(action, resource, Tagging, CopyOf));
        Assert.Equal(Verdict.NotAllowed, Reconcile().Evaluate(action, resource));
        Assert.Equal(Verdict.NotAllowed, Reconcile().Evaluate(action, resource, Tagging));
        Assert.Equal(Verdict.NotAllowed, Reconcile().Evaluate(action, resource, CopyOf));
    }

    [Theory]
    [InlineData("rds:CopyDBSnapshot", $"arn:aws:rds:{Here}:snapshot:orders-before-migration")]
    [InlineData("rds:CopyDBSnapshot", "arn:aws:rds:eu-west-1:210987654321:snapshot:auto-orders-20261121-0600")]
    [InlineData("rds:AddTagsToResource", $"arn:aws:rds:{Here}:snapshot:orders-before-migration")]
    public void Reconcile_CopyOfAnotherName_IsNotAllowed(string action, string resource) =>
        Assert.Equal(Verdict.NotAllowed, Reconcile().Evaluate(action, resource, Tagging, CopyOf, Ours));

    [Theory]
    [InlineData("rds:DeleteDBSnapshot", Own)]
    [InlineData("rds:DeleteDBSnapshot", Copy)]
    [InlineData("rds:DeleteDBClusterSnapshot", OwnOfCluster)]
    [InlineData("rds:DeleteDBClusterSnapshot", CopyOfCluster)]
    public void Reconcile_Deletion_IsOnlyOfWhatCarriesOurTagAndNobodyHolds(string action, string snapshot)
    {
        var (role, allowsAll) = (Reconcile(), AndAllowsAll("ReconcileSnapshotsRole"));

        Assert.Equal(Verdict.Allowed, role.Evaluate(action, snapshot, Ours));
        Assert.Equal(Verdict.Denied, role.Evaluate(action, snapshot));
        Assert.Equal(Verdict.Denied, role.Evaluate(action, snapshot, ("aws:ResourceTag/automation:managed-by", "people")));
        Assert.Equal(Verdict.Denied, role.Evaluate(action, snapshot, Ours, ("aws:ResourceTag/automation:hold", "")));
        Assert.Equal(Verdict.Denied, allowsAll.Evaluate(action, snapshot));
        Assert.Equal(Verdict.Denied, allowsAll.Evaluate(action, snapshot, Ours, ("aws:ResourceTag/automation:hold", "audit")));
        // The tag has the prefix of the stack.
        Assert.Equal(Verdict.Denied, Reconcile(("TagPrefix", "ops")).Evaluate(action, snapshot, Ours));
        Assert.Equal(Verdict.Allowed, Reconcile(("TagPrefix", "ops")).Evaluate(action, snapshot, ("aws:ResourceTag/ops:managed-by", "automation")));
    }

    [Theory]
    [InlineData("rds:DeleteDBSnapshot", $"arn:aws:rds:{Here}:snapshot:orders-before-migration")]
    [InlineData("rds:DeleteDBSnapshot", $"arn:aws:rds:{Here}:snapshot:rds:orders-2026-11-21-03-11")]
    [InlineData("rds:DeleteDBSnapshot", "arn:aws:rds:eu-central-1:210987654321:snapshot:auto-orders-20261121-0600")]
    public void Reconcile_DeletionOfAnotherName_IsNotAllowedWhateverItsTags(string action, string snapshot) =>
        Assert.Equal(Verdict.NotAllowed, Reconcile().Evaluate(action, snapshot, Ours));

    [Theory]
    [InlineData("rds:DeleteDBInstance", Database)]
    [InlineData("rds:DeleteDBCluster", Cluster)]
    [InlineData("rds:DeleteDBInstanceAutomatedBackup", $"arn:aws:rds:{Here}:auto-backup:ab-1")]
    [InlineData("rds:DeleteDBClusterAutomatedBackup", $"arn:aws:rds:{Here}:cluster-auto-backup:ab-1")]
    [InlineData("rds:ModifyDBInstance", Database)]
    [InlineData("rds:ModifyDBCluster", Cluster)]
    [InlineData("rds:RebootDBInstance", Database)]
    [InlineData("rds:FailoverDBCluster", Cluster)]
    [InlineData("rds:PromoteReadReplica", Database)]
    [InlineData("rds:StopDBInstance", Database)]
    [InlineData("rds:SwitchoverReadReplica", Database)]
    [InlineData("rds:CreateDBSnapshot", Own)]
    [InlineData("rds:RestoreDBInstanceFromDBSnapshot", Own)]
    [InlineData("rds:AddTagsToResource", Database)]
    [InlineData("rds:RemoveTagsFromResource", Own)]
    [InlineData("rds:StartExportTask", Own)]
    public void Reconcile_ChangeOfADatabase_IsDeniedEvenIfAllowedOneDay(string action, string resource)
    {
        Assert.Equal(Verdict.Denied, AndAllowsAll("ReconcileSnapshotsRole").Evaluate(action, resource, Ours, Tagging, CopyOf));
        Assert.Equal(Verdict.Denied, AndAllowsAll("ReconcileSnapshotsRole", Sharing).Evaluate(action, resource, Ours, Tagging, CopyOf));
    }

    [Theory]
    [InlineData("rds:ModifyDBSnapshotAttribute", Own)]
    [InlineData("rds:ModifyDBClusterSnapshotAttribute", OwnOfCluster)]
    public void Reconcile_Sharing_IsAllowedOnlyWhereTheStackNamesAccountsAndOfWhatIsOurs(string action, string snapshot)
    {
        Assert.Equal(Verdict.Denied, Reconcile().Evaluate(action, snapshot, Ours));
        Assert.Equal(Verdict.Allowed, Reconcile(Sharing).Evaluate(action, snapshot, Ours));
        Assert.Equal(Verdict.Denied, Reconcile(Sharing).Evaluate(action, snapshot));
        Assert.Equal(Verdict.Denied, AndAllowsAll("ReconcileSnapshotsRole", Sharing).Evaluate(action, snapshot));
        Assert.Equal(Verdict.NotAllowed, Reconcile(Sharing).Evaluate(action, snapshot.Replace("eu-central-1", "eu-west-1", StringComparison.Ordinal), Ours));
        Assert.Equal(Verdict.Denied, AndAllowsAll("TakeSnapshotsRole", Sharing).Evaluate(action, snapshot, Ours));
    }

    // With whom a snapshot is shared is noted on it; no other tag of it can be changed so.
    [Theory]
    [InlineData("automation:shared-with", true)]
    [InlineData("automation:managed-by", false)]
    [InlineData("automation:hold", false)]
    public void Reconcile_TagOnAnOldSnapshot_IsOnlyWithWhomItIsShared(string key, bool isAllowed)
    {
        var (other, expected) = (("aws:TagKeys", key), isAllowed ? Verdict.Allowed : Verdict.NotAllowed);

        Assert.Equal(expected, Reconcile(Sharing).Evaluate("rds:AddTagsToResource", Own, Ours, other));
        Assert.Equal(Verdict.NotAllowed, Reconcile(Sharing).Evaluate("rds:AddTagsToResource", Own, Ours, other, ("aws:TagKeys", "automation:slot")));
        Assert.Equal(Verdict.NotAllowed, Reconcile(Sharing).Evaluate("rds:AddTagsToResource", Own, other));
        Assert.Equal(Verdict.NotAllowed, Reconcile().Evaluate("rds:AddTagsToResource", Own, Ours, other));
    }

    [Theory]
    [InlineData("kms:Decrypt")]
    [InlineData("kms:DescribeKey")]
    [InlineData("kms:GenerateDataKey")]
    [InlineData("kms:GenerateDataKeyWithoutPlaintext")]
    public void KeyOfCopies_IsUsedThroughRdsAndByItsAlias(string action)
    {
        (string, string) alias = ("kms:ResourceAliases", "alias/rds-automation-snapshots"), rds = ("kms:ViaService", "rds.eu-west-1.amazonaws.com");

        Assert.Equal(Verdict.Allowed, Reconcile().Evaluate(action, KeyThere, ("kms:ResourceAliases", "alias/other"), alias, rds));
        Assert.Equal(Verdict.NotAllowed, Reconcile().Evaluate(action, KeyThere, ("kms:ResourceAliases", "alias/other"), rds));
        Assert.Equal(Verdict.NotAllowed, Reconcile().Evaluate(action, KeyThere, rds));
        // Asking about it is the code's own call.
        Assert.Equal(action == "kms:DescribeKey" ? Verdict.Allowed : Verdict.NotAllowed, Reconcile().Evaluate(action, KeyThere, alias));
    }

    [Fact]
    public void Grants_AreMadeOnlyForRds()
    {
        (string, string) alias = ("kms:ResourceAliases", "alias/rds-automation-snapshots"), forAws = ("kms:GrantIsForAWSResource", "true");
        (string, string) there = ("kms:ViaService", "rds.eu-west-1.amazonaws.com"), here = ("kms:ViaService", "rds.eu-central-1.amazonaws.com");

        Assert.Equal(Verdict.Allowed, Reconcile().Evaluate("kms:CreateGrant", KeyThere, alias, there, forAws));
        Assert.Equal(Verdict.NotAllowed, Reconcile().Evaluate("kms:CreateGrant", KeyThere, there, forAws));
        Assert.Equal(Verdict.NotAllowed, Reconcile().Evaluate("kms:CreateGrant", KeyThere, alias, there));
        Assert.Equal(Verdict.NotAllowed, Reconcile().Evaluate("kms:CreateGrant", KeyThere, alias, forAws));
        // The key of a database: any of this Region.
        Assert.Equal(Verdict.Allowed, Reconcile().Evaluate("kms:CreateGrant", Key, here, forAws));
        Assert.Equal(Verdict.NotAllowed, Reconcile().Evaluate("kms:CreateGrant", Key, forAws));
        Assert.Equal(Verdict.NotAllowed, Reconcile().Evaluate("kms:CreateGrant", Key, ("kms:ViaService", "ec2.eu-central-1.amazonaws.com"), forAws));
    }

    [Theory]
    [InlineData("kms:Decrypt", false)]
    [InlineData("kms:PutKeyPolicy", false)]
    [InlineData("kms:DescribeKey", true)]
    [InlineData("kms:GetKeyPolicy", true)]
    public void KeyOfADatabase_ByItself_IsOnlyReadWhereSnapshotsAreShared(string action, bool isRead)
    {
        Assert.Equal(Verdict.NotAllowed, Reconcile().Evaluate(action, Key));
        Assert.Equal(isRead ? Verdict.Allowed : Verdict.NotAllowed, Reconcile(Sharing).Evaluate(action, Key));
    }

    private PolicyEvaluator Take(params (string, string)[] parameters) => new(sam.StatementsOf("TakeSnapshotsRole", parameters));

    private PolicyEvaluator Reconcile(params (string, string)[] parameters) => new(sam.StatementsOf("ReconcileSnapshotsRole", parameters));

    private PolicyEvaluator AndAllowsAll(string role, params (string, string)[] parameters) => new(
    [
        .. sam.StatementsOf(role, parameters),
        .. PolicyStatement.Of("test", JsonNode.Parse("""{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""")!),
    ]);
}
