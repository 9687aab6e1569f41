using System.Globalization;
using Automation.Lab.Screen;

namespace Automation.Lab.Incidents;

/// <summary>With <c>MODE=observe</c>: no function asked AWS to change a database, a snapshot, a secret or a key.</summary>
internal sealed class ObserveProof(LocalLab lab, IStory story)
{
    /// <summary>Temporary keys, which roles have, begin so (IAM user guide, "Unique identifiers"); the lab's own calls are a user's.</summary>
    private const string RoleKey = "ASIA";

    private static readonly string[] Watched = ["rds", "secretsmanager", "kms"], Reading = ["Describe", "List", "Get"];
    private readonly CheckList checks = new(story);

    public IReadOnlyList<Check> Run()
    {
        story.Chapter("The functions observed all the while");
        var calls = lab.Account.Endpoint.Calls.Entries.Where(entry => entry.Call.AccessKeyId.StartsWith(RoleKey, StringComparison.Ordinal)).ToList();
        var changing = calls.Where(call => Watched.Contains(call.Service) && !Reading.Any(verb => call.Action.StartsWith(verb, StringComparison.Ordinal)))
            .Select(call => $"{call.Service}:{call.Action}").Distinct().ToList();
        checks.Add("no function asked AWS to change anything", calls.Count > 0 && changing.Count == 0,
            changing.Count == 0 ? string.Create(CultureInfo.InvariantCulture, $"{calls.Count} calls, all of them reading, of the ledger, or messages") : string.Join(", ", changing));
        return checks.All;
    }
}
