using Automation.Outcomes;

namespace Automation.Snapshots;

/// <summary>What the key of a snapshot allows another account.</summary>
internal abstract record SharedKey
{
    private SharedKey()
    {
    }

    public sealed record Usable : SharedKey;

    /// <summary>AWS's own key for RDS: nobody else can use it.</summary>
    public sealed record OfAws : SharedKey;

    /// <summary>Its policy does not name the account.</summary>
    public sealed record NotShared : SharedKey;

    /// <param name="Why">Reads on after the key's ARN.</param>
    public sealed record Unusable(string Why) : SharedKey;
}

/// <summary>A share to be given or taken back.</summary>
internal sealed record ShareChange(OwnSnapshot Snapshot, string Account, bool Share);

/// <summary>
/// Sharing with another account, which copies what is shared to where this account cannot delete it. Only the newest good
/// snapshot is shared, only with accounts that the stack's owner named, and a share ends by itself.
/// </summary>
internal static class ShareRules
{
    /// <summary>How long another account has to copy what is shared. A shared snapshot is never deleted, so a share has to end.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(7);

    /// <summary>Whether the newest good snapshot should be shared, and whether that is possible.</summary>
    /// <param name="source">The newest good snapshot at home; <c>null</c> when there is none.</param>
    /// <param name="sharedWith">Accounts that may restore it, as RDS says.</param>
    /// <param name="account">12 digits.</param>
    /// <param name="allowed">Accounts that the stack's owner named (<c>SHARE_ACCOUNTS</c>).</param>
    /// <param name="key">What is known of the snapshot's key; <c>null</c> unencrypted.</param>
    public static (ShareChange? Change, Finding? Finding) Decide(
        OwnSnapshot? source, IReadOnlyList<string> sharedWith, string account, IReadOnlyCollection<string> allowed, SharedKey? key)
    {
        if (source is null || sharedWith.Contains(account)) return (null, null);
        // Whoever may tag a database must not be able to hand its data to an account of their choice.
        if (!allowed.Contains(account))
            return Refuse(Reasons.AccountNotAllowed, $"account {account} is not among those that snapshots may be shared with (ShareAccounts of the stack)");
        return key switch
        {
            SharedKey.Usable => (new ShareChange(source, account, true), null),
            null => Refuse(Reasons.NotEncrypted, $"{source.Id} is not encrypted, and such a snapshot can be made public by mistake: it is not shared with {account}"),
            SharedKey.OfAws => Refuse(Reasons.KeyNotShared,
                $"{source.Id} is encrypted with AWS's own key for RDS, which no other account can use: {account} can be given snapshots only of a database that is encrypted with a customer-managed key"),
            SharedKey.NotShared => Refuse(Reasons.KeyNotShared,
                $"the policy of {source.Snapshot.KmsKeyId} does not let account {account} use the key; it lacks {StatementFor(account)}"),
            SharedKey.Unusable(var why) => Refuse(Reasons.KeyUnusable, $"{source.Snapshot.KmsKeyId} {why}: {source.Id} is not shared with {account}"),
            var other => throw new InvalidOperationException($"No case for {other.GetType().Name}."),
        };

        (ShareChange?, Finding?) Refuse(string reason, string sentence) => (null, new Finding(reason, sentence, Severity.Warning, About: account));
    }

    /// <summary>Shares of ours whose time is over, or whose account may have none any more. The newest one with each account stays.</summary>
    /// <param name="own">Our snapshots at home.</param>
    /// <param name="accounts">Those that both the policy and the stack's owner name.</param>
    /// <param name="now">The time of the run.</param>
    public static IReadOnlyList<ShareChange> Ended(IReadOnlyList<OwnSnapshot> own, IReadOnlyCollection<string> accounts, DateTimeOffset now)
    {
        var shares = own.SelectMany(snapshot => snapshot.SharedWith.Select(account => new ShareChange(snapshot, account, false))).ToList();
        var newest = shares.GroupBy(share => share.Account).ToDictionary(group => group.Key, group => group.Max(share => share.Snapshot.Slot));
        return [.. shares.Where(share => !accounts.Contains(share.Account)
            || (share.Snapshot.Slot < newest[share.Account] && share.Snapshot.Slot < now - Window))];
    }

    /// <summary>RDS's guide, "Sharing a snapshot": what the other account needs to copy it.</summary>
    private static string StatementFor(string account) =>
        $$"""{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{account}}:root"},"Action":["kms:Decrypt","kms:DescribeKey","kms:CreateGrant"],"Resource":"*"}""";
}
