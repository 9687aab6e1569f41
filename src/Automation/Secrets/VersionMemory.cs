using Automation.Events;

namespace Automation.Secrets;

/// <summary>
/// Remembers the values of the versions of one rotation between its steps, which one warm process usually runs within
/// seconds: it spares reading them again while the current secret does not log in. A version's value never changes once it
/// is stored; labels do, and are asked for every time. Forgotten with the rotation, and after <see cref="Kept"/>.
/// </summary>
internal sealed class VersionMemory(ISecretStore store, TimeProvider time) : ISecretStore
{
    internal static readonly TimeSpan Kept = TimeSpan.FromMinutes(2);

    private readonly Lock access = new();
    private readonly Dictionary<string, Concealed> values = [];
    private string? secret;
    private DateTimeOffset until;

    public Task<SecretState?> DescribeAsync(string secretId, CancellationToken cancellation) => store.DescribeAsync(secretId, cancellation);

    public async Task<string?> ReadAsync(string secretArn, string versionId, string label, CancellationToken cancellation)
    {
        if (Recall(secretArn, versionId) is { } known) return known.Value;
        var value = await store.ReadAsync(secretArn, versionId, label, cancellation);
        if (value is not null) Remember(secretArn, versionId, value);
        return value;
    }

    public Task<string?> ReadVersionAsync(string secretArn, string versionId, CancellationToken cancellation) =>
        store.ReadVersionAsync(secretArn, versionId, cancellation);

    public Task<AdministratorSecret?> ReadAdministratorAsync(string secretId, CancellationToken cancellation) =>
        store.ReadAdministratorAsync(secretId, cancellation);

    public async Task<PutResult> PutPendingAsync(string secretArn, RotationRequest.Step request, string value, CancellationToken cancellation)
    {
        var result = await store.PutPendingAsync(secretArn, request, value, cancellation);
        if (result == PutResult.Stored) Remember(secretArn, request.Token, value);
        return result;
    }

    public async Task<MoveResult> MoveCurrentAsync(string secretArn, string from, string to, CancellationToken cancellation)
    {
        Forget();
        return await store.MoveCurrentAsync(secretArn, from, to, cancellation);
    }

    public Task<IReadOnlyList<SecretVersion>> ListVersionsAsync(string secretArn, CancellationToken cancellation) =>
        store.ListVersionsAsync(secretArn, cancellation);

    private Concealed? Recall(string secretArn, string versionId)
    {
        lock (access)
        {
            if (secret != secretArn || time.GetUtcNow() >= until) return null;
            return values.TryGetValue(versionId, out var value) ? value : null;
        }
    }

    private void Remember(string secretArn, string versionId, string value)
    {
        lock (access)
        {
            if (secret != secretArn || time.GetUtcNow() >= until) values.Clear();
            (secret, until) = (secretArn, time.GetUtcNow() + Kept);
            values[versionId] = new Concealed(value);
        }
    }

    private void Forget()
    {
        lock (access) values.Clear();
    }
}
