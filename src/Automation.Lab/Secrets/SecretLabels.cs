namespace Automation.Lab.Secrets;

/// <summary>A secret's versions with their staging labels, at one moment.</summary>
internal sealed record SecretLabels
{
    public const string Current = "AWSCURRENT", Pending = "AWSPENDING";

    public required string Arn { get; init; }
    public required string Name { get; init; }

    /// <summary>Versions that have a value → their labels; also those without a label, which AWS keeps for a day.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Stored { get; init; }

    /// <summary>The version that a rotation began and has not given a value yet; labelled <c>AWSPENDING</c>.</summary>
    public string? Empty { get; init; }

    public string? CurrentVersion => HolderOf(Current);

    public string? PendingVersion => HolderOf(Pending);

    /// <summary>
    /// A rotation has ended when <c>AWSPENDING</c> is nowhere, or on the version that is current ("RotateSecret", API
    /// reference).
    /// </summary>
    public bool IsRotating => PendingVersion is { } pending && pending != CurrentVersion;

    /// <summary>The version a label is attached to; a label is on one version at most.</summary>
    public string? HolderOf(string label) => label == Pending && Empty is not null
        ? Empty
        : Stored.Where(v => v.Value.Contains(label)).Select(v => v.Key).FirstOrDefault();

    public bool Knows(string version) => version == Empty || Stored.ContainsKey(version);

    /// <summary>The versions AWS shows: those with labels.</summary>
    public IEnumerable<(string Version, IReadOnlyList<string> Labels)> Labelled()
    {
        foreach (var (version, labels) in Stored)
        {
            if (labels.Count > 0) yield return (version, labels);
        }
        if (Empty is not null) yield return (Empty, [Pending]);
    }
}
