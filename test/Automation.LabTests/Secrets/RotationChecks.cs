using System.Text;
using System.Text.Json;
using Automation.LabTests.Postgres;
using Automation.Secrets;

namespace Automation.LabTests.Secrets;

/// <summary>
/// What must hold whatever went wrong (research note, 4A: I1 to I7); what does not is collected. Made before the first step,
/// when it notes how the server's roles are.
/// </summary>
internal sealed class RotationChecks
{
    private readonly List<string> broken = [];
    private readonly Dictionary<string, string> seenPasswords = [];
    private readonly RotationAccount account;
    private readonly RotationSecret secret;
    private readonly SortedDictionary<string, string> rolesBefore;

    private RotationChecks(RotationAccount account, RotationSecret secret, SortedDictionary<string, string> rolesBefore)
    {
        (this.account, this.secret, this.rolesBefore) = (account, secret, rolesBefore);
        seenPasswords[secret.FirstVersion] = secret.FirstPassword;
    }

    public IReadOnlyList<string> Broken => broken;

    public static async Task<RotationChecks> BeginAsync(RotationAccount account, RotationSecret secret) =>
        new(account, secret, await RolesAsync(account, secret));

    public void Expect(bool holds, string promise)
    {
        if (!holds) broken.Add(promise);
    }

    /// <summary>I1: at least one labelled version logs in; of a pair, the current one at every time.</summary>
    public async Task SomeVersionLogsInAsync(string when)
    {
        var labels = await account.LabelsAsync(secret);
        var working = new List<string>();
        foreach (var (version, its) in labels)
            if (await HasPasswordAsync(version)) working.AddRange(its);
        Expect(working.Count > 0, $"I1 {when}: no labelled version logs in");
        if (secret.IsAlternating) Expect(working.Contains(SecretState.Current), $"I1 {when}: the current version does not log in");
    }

    /// <summary>I2: the version is current and logs in; the one before does not where it is for the same role.</summary>
    public async Task RotatedAsync(string token, string before)
    {
        var labels = await account.LabelsAsync(secret);
        Expect(labels.GetValueOrDefault(token)?.Contains(SecretState.Current) == true, "I2: the new version is not current");
        Expect(labels.GetValueOrDefault(before)?.Contains(SecretState.Previous) == true, "I2: the former version is not the previous one");
        Expect(await account.LogsInAsync(secret, token), "I2: the new version does not log in");
        // The former role of a pair keeps its password until the next turn: who has it still gets in.
        Expect(await HasPasswordAsync(before) == secret.IsAlternating, "I2: the former password logs in, or the former role does not");
    }

    /// <summary>I3: a version has one value for ever, and there are no others than these.</summary>
    public async Task OneValueAsync(params string[] versions)
    {
        foreach (var version in await account.VersionsAsync(secret))
        {
            if (await account.ValueAsync(secret, version) is not { } value) continue;
            Expect(versions.Contains(version), $"I3: nobody asked for version {version}");
            Expect(seenPasswords.TryAdd(version, value.Password.Value) || seenPasswords[version] == value.Password.Value, $"I3: version {version} has another value now");
        }
    }

    /// <summary>I4: the label moves after a successful login with that version in the same invocation.</summary>
    public void MovedAfterLogin(IReadOnlyList<ExternalCall> calls)
    {
        for (var at = 0; at < calls.Count; at++)
        {
            if (calls[at].Name != "secretsmanager.UpdateSecretVersionStage") continue;
            using var body = JsonDocument.Parse(calls[at].Body);
            var password = seenPasswords.GetValueOrDefault(body.RootElement.GetProperty("MoveToVersionId").GetString()!);
            Expect(body.RootElement.GetProperty("VersionStage").GetString() == SecretState.Current, "I4: another label than AWSCURRENT was moved");
            Expect(calls.Take(at).Any(call => call.Invocation == calls[at].Invocation && call is { Name: ExternalCall.Login, Succeeded: true } && call.Password == password),
                "I4: the label was moved without a login in the same invocation");
        }
    }

    /// <summary>I5: no password in what the function wrote, what people were told, and what the server logged.</summary>
    public void NothingLeaked()
    {
        var written = new StringBuilder(account.Output.Text);
        foreach (var told in account.Told) written.AppendLine(told.Subject).AppendJoin('\n', told.Messages.Values);
        var text = written.ToString();
        var log = account.Fixture.Database.Server.Log;
        foreach (var (version, password) in seenPasswords)
            Expect(!text.Contains(password, StringComparison.Ordinal) && !log.Any(line => line.Contains(password, StringComparison.Ordinal)),
                $"I5: the password of version {version} was written down");
    }

    /// <summary>I6: of all roles that no other test uses, only the password of the next user changed, if any.</summary>
    public async Task OnlyTheRoleChangedAsync()
    {
        var after = await RolesAsync(account, secret);
        foreach (var name in rolesBefore.Keys.Union(after.Keys))
            Expect(rolesBefore.GetValueOrDefault(name) == after.GetValueOrDefault(name), $"I6: role {name} was changed");
    }

    // What the server keeps, instead of a login: it decides the same, and hundreds of cases are checked in a tenth of the time.
    private async Task<bool> HasPasswordAsync(string version)
    {
        if (await account.ValueAsync(secret, version) is not { } value) return false;
        await using var admin = await account.Fixture.Admin.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return await admin.ScalarAsync("SELECT rolpassword FROM pg_authid WHERE rolname = $1 AND rolcanlogin", value.Username) is string verifier
            && ScramVerifier.Proves(verifier, value.Password);
    }

    private static async Task<SortedDictionary<string, string>> RolesAsync(RotationAccount account, RotationSecret secret)
    {
        // Tests run beside each other: roles of theirs are in the secrets' own checks.
        const string Sql = """
            SELECT rolname || ' ' || CASE WHEN rolname = $1 THEN to_jsonb(a) - 'rolpassword' ELSE to_jsonb(a) END
                || coalesce((SELECT string_agg(s.setconfig::text, ',') FROM pg_db_role_setting s WHERE s.setrole = a.oid), '')
                || coalesce((SELECT string_agg(to_jsonb(m)::text, ',' ORDER BY m.roleid) FROM pg_auth_members m WHERE m.member = a.oid AND a.rolname = ANY ($2)), '')
            FROM pg_authid a WHERE rolname !~ '^rot[0-9]' OR rolname = ANY ($2)
            """;
        string[] own = [.. secret.Users, .. new[] { secret.Owner, secret.Administrator }.OfType<string>()];
        await using var admin = await account.Fixture.Admin.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var rows = await admin.StringsAsync(Sql, secret.NextUser, own);
        return new(rows.ToDictionary(row => row.Split(' ')[0]), StringComparer.Ordinal);
    }
}
