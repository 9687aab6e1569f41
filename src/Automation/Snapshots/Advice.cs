namespace Automation.Snapshots;

/// <summary>What a person does about a finding.</summary>
internal static class Advice
{
    public static string For(string reason) => reason switch
    {
        Reasons.AccountNotAllowed => "Add the account to the stack's parameter ShareAccounts, or take it out of the tag.",
        Reasons.CopyFailed => "Delete the failed copies there by hand; the next run begins a new one. RDS gives no reason in events: see the key's policy and the quotas of that Region.",
        Reasons.CopyOverdue => "See the findings and the log of ReconcileSnapshots about this Region, and the copies there in the RDS console.",
        Reasons.CopyStuck => "Look at its progress in the RDS console of that Region. Deleting the copy there cancels it, and the next run begins a new one.",
        Reasons.DestinationUnreadable => "See whether the Region is enabled for this account, and what the function's role may do there.",
        Reasons.GivenUp => "See RDS's events of this database for why its snapshots fail. The next slot is tried anew; delete failed snapshots by hand.",
        Reasons.KeyMissing => "aws kms create-alias --alias-name alias/rds-automation-snapshots --target-key-id KEY --region DESTINATION",
        Reasons.KeyNotShared => "Add the statement to the key's policy; for a database under AWS's own key there is no way but to move it to a customer-managed one.",
        Reasons.KeyUnusable => "Enable the key, or cancel its deletion: snapshots under it cannot be restored without it.",
        Reasons.MalformedTag => "Correct the tag. Until then no snapshot of this database is taken, copied or deleted by the automation.",
        Reasons.NameTaken => "See whose snapshot has the name. The next run tries another one.",
        Reasons.NotEncrypted => "Encrypt the database under a customer-managed key (by restoring from an encrypted copy of a snapshot), or take the account out of the tag.",
        Reasons.NotPermitted => "Compare the function's role with docs/iam.md; a policy of the organisation may deny it too.",
        Reasons.Overdue => "See the database's status and RDS's events, and what TakeSnapshots says of it in its log. If in doubt take one by hand: aws rds create-db-snapshot (of a cluster: create-db-cluster-snapshot), under a name that does not begin with auto-.",
        Reasons.QuotaNear => "Raise the Region's quota of manual snapshots (Service Quotas, RDS), or keep fewer: the tag's tiers say how many.",
        Reasons.QuotaReached => "No database of this Region gets a snapshot until some are deleted or the quota is raised (Service Quotas, RDS).",
        Reasons.SharingLimit => "RDS shares a snapshot with 20 accounts at most: take accounts out of the tag.",
        Reasons.SnapshotFailed => "See RDS's events of this database for why. Failed snapshots are never deleted by the automation: delete it by hand.",
        Reasons.SnapshotStuck => "Look at its progress in the RDS console; no other snapshot of this database can be made meanwhile.",
        Reasons.Stopped => "Take the item out of the ledger when the reason is gone: no snapshot is taken meanwhile.",
        Reasons.TagGone => "Set the tag again, or to off when this database is to have no more snapshots: then nobody is told.",
        Reasons.TagOnMember => "Put the tag on the cluster; clusters are snapshotted as a whole.",
        _ => "See the function's log; the next run tries again.",
    };
}
