using Automation.Secrets;

namespace Automation.LabTests.Secrets;

/// <summary>What must hold whatever went wrong (research note, 4A); what does not is collected.</summary>
internal sealed class RotationChecks(RotationAccount account, RotationSecret secret)
{
    private readonly List<string> broken = [];

    public IReadOnlyList<string> Broken => broken;

    /// <summary>At least one labelled version logs in.</summary>
    public async Task SomeLabelledVersionLogsInAsync(string when)
    {
        foreach (var version in (await account.LabelsAsync(secret)).Keys)
            if (await account.LogsInAsync(secret, version)) return;
        broken.Add($"I1 {when}: no labelled version logs in");
    }

    /// <summary>The version is current and logs in; the one before does not where it is for the same role.</summary>
    public async Task RotatedAsync(string token, string before)
    {
        var labels = await account.LabelsAsync(secret);
        if (labels.GetValueOrDefault(token)?.Contains(SecretState.Current) != true) broken.Add("I2: the new version is not current");
        if (labels.GetValueOrDefault(before)?.Contains(SecretState.Previous) != true) broken.Add("I2: the former version is not the previous one");
        if (!await account.LogsInAsync(secret, token)) broken.Add("I2: the new version does not log in");
        // The former role of a pair keeps its password until the next turn: sessions that were given it go on.
        if (await account.LogsInAsync(secret, before) != secret.IsAlternating)
            broken.Add(secret.IsAlternating ? "I2: the former role does not log in any more" : "I2: the former password still logs in");
    }
}
