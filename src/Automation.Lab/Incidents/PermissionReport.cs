using System.Globalization;
using Automation.Lab.Iam;
using Automation.Lab.Screen;

namespace Automation.Lab.Incidents;

/// <summary>What the functions' roles were asked for while all that happened, and what they were not asked for.</summary>
internal sealed class PermissionReport(LocalLab lab, IStory story)
{
    private readonly CheckList checks = new(story);

    /// <param name="isWhole">Whether everything that there is was done: what a part of the day did not need, another may.</param>
    public void Run(bool isWhole)
    {
        var decisions = lab.Account.Roles.Decisions.Entries;
        story.Chapter("Permissions: the roles of template.yaml were in force all the while");
        story.Table("what AWS would have asked IAM", ["function", "calls", "questions", "statements used"],
            [.. decisions.GroupBy(decision => decision.Function).Select(mine => new[]
            {
                mine.Key, Number(mine.Count()), Number(mine.Sum(decision => decision.Judgements.Count)), Number(Used(mine).Count),
            })]);
        var refused = decisions.Where(decision => decision.Refusal is not null).Select(decision => decision.Refusal!).Distinct().ToList();
        checks.Add("every call of a function was allowed by its role", refused.Count == 0 && decisions.Count > 0,
            refused.Count == 0 ? $"{Number(decisions.Count)} calls" : string.Join('\n', refused));

        if (!isWhole) return;

        var idle = lab.Account.Roles.Statements.Where(right => right.Statement.IsAllow)
            .Select(right => right.Statement).Except(Used(decisions)).Select(statement => statement.Name).Distinct().ToList();
        var unexplained = idle.Where(name => IdleRights.WhyOf(name) is null).ToList();
        story.Table("rights that nothing here needed", ["statement", "what needs it"],
            [.. idle.Select(name => new[] { name, IdleRights.WhyOf(name) ?? "?" })]);
        checks.Add("every other right has a reason", unexplained.Count == 0,
            unexplained.Count == 0 ? $"{Number(idle.Count)} statements" : string.Join(", ", unexplained));
    }

    private static HashSet<PolicyStatement> Used(IEnumerable<IamDecision> decisions) => [.. decisions
        .Where(decision => decision.Refusal is null)
        .SelectMany(decision => decision.Judgements)
        .SelectMany(judgement => judgement.Statements)];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
