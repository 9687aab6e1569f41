namespace Automation.Lab.Iam;

/// <summary>
/// IAM's evaluation for one role: an explicit Deny wins, else an Allow is needed ("Policy evaluation logic"). Identity policies
/// alone: no boundary, no service control policy, no policy of the resource.
/// </summary>
internal sealed class PolicyEvaluator(IReadOnlyList<PolicyStatement> statements)
{
    public IReadOnlyList<PolicyStatement> Statements => statements;

    /// <summary>Whether what is said of an action depends on the tags that its resource has.</summary>
    public bool AsksForTags(string action) => statements.Any(statement => statement.CoversAction(action)
        && statement.Conditions.Any(condition => condition.Key.Contains("ResourceTag/", StringComparison.OrdinalIgnoreCase)));

    public Verdict Evaluate(string action, string resource, params IEnumerable<(string Key, string Value)> context) =>
        Judge(IamQuestion.Of(action, resource, context)).Verdict;

    public IamJudgement Judge(IamQuestion question)
    {
        var context = question.Context.ToLookup(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        var fitting = statements.Where(statement => statement.Covers(question) && statement.Conditions.All(condition => condition.Holds(context))).ToList();
        var denying = fitting.Where(statement => !statement.IsAllow).ToList();
        return denying.Count > 0 ? new IamJudgement(question, Verdict.Denied, denying)
            : fitting.Count > 0 ? new IamJudgement(question, Verdict.Allowed, fitting)
            : new IamJudgement(question, Verdict.NotAllowed, []);
    }
}
