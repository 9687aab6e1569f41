using System.Security.Cryptography;
using Automation.Lab.Account;
using Automation.Lab.Lambda;
using Automation.Lab.Template;

namespace Automation.Lab.Iam;

/// <summary>
/// Every function's role, as Lambda assumes it: credentials of its own, and what the template's policies let whoever signs with
/// them do. Calls of anybody else are nobody's business here.
/// </summary>
internal sealed class FunctionRoles(SamTemplate template, TemplateInputs inputs, IamQuestions questions)
{
    private readonly Dictionary<string, Holder> byFunction = template.Functions.Where(function => function.Role is not null)
        .Select(function => new Holder(function, function.Role!, inputs))
        .ToDictionary(holder => holder.Function.LogicalId);

    /// <summary>Every question that was put for a function, allowed or not.</summary>
    public Journal<IamDecision> Decisions { get; } = new();

    /// <summary>Every statement of every function's role.</summary>
    public IEnumerable<(string Function, PolicyStatement Statement)> Statements =>
        byFunction.Values.SelectMany(holder => holder.Evaluator.Statements.Select(statement => (holder.Function.LogicalId, statement)));

    /// <summary>What Lambda hands to a function's processes; the same for all of them.</summary>
    /// <exception cref="InvalidOperationException">The template states no role for it.</exception>
    public FunctionCredentials CredentialsOf(string functionLogicalId) => Of(functionLogicalId).Credentials;

    /// <summary>Has a function sign with other credentials from now on: those that a gate of an earlier account knows.</summary>
    public void Assume(string functionLogicalId, FunctionCredentials credentials) => Of(functionLogicalId).Credentials = credentials;

    /// <summary>The function whose access key it is, or <c>null</c>.</summary>
    public FunctionCredentials? Find(string accessKeyId) => HolderOf(accessKeyId)?.Credentials;

    /// <summary>The logical id of the function whose access key it is, or <c>null</c>.</summary>
    public string? FunctionOf(string accessKeyId) => HolderOf(accessKeyId)?.Function.LogicalId;

    /// <summary>Before every call: answers one that the role of its function does not allow.</summary>
    public async ValueTask<AwsAnswer?> AuthorizeAsync(AwsCall call, CancellationToken cancellation)
    {
        if (HolderOf(call.AccessKeyId) is not { } holder) return null;
        var asked = await questions.OfAsync(call, holder.Evaluator.AsksForTags, cancellation);
        // A new call of a function must be thought about: which resources and which keys AWS asks about.
        var refusal = asked is null or []
            ? $"the lab does not know what AWS asks IAM about {call.Service}:{(call.Action.Length > 0 ? call.Action : $"{call.Method} {call.Path}")}: add it to {nameof(IamQuestions)}"
            : null;
        var judgements = (asked ?? []).Select(question => holder.Judge(question)).ToArray();
        refusal ??= judgements.FirstOrDefault(judgement => judgement.Verdict != Verdict.Allowed)?.Refusal(holder.Principal);
        Decisions.Add(new IamDecision(holder.Function.LogicalId, $"{call.Service}:{call.Action}", judgements, refusal));
        return refusal is null ? null : ErrorAnswer.AccessDenied(call, refusal);
    }

    /// <summary>Whether a function may log in to a database with an IAM token.</summary>
    /// <param name="accessKeyId">Who signed it.</param>
    /// <param name="resourceId">Of the instance or cluster, as <c>db-ABCDEFGHIJKL01234</c>.</param>
    /// <param name="user">The database user.</param>
    public bool MayConnect(string accessKeyId, string resourceId, string user)
    {
        if (HolderOf(accessKeyId) is not { } holder) return false;
        var judgement = holder.Judge(IamQuestion.Of("rds-db:connect", $"arn:aws:rds-db:{inputs.Region}:{inputs.AccountId}:dbuser:{resourceId}/{user}"));
        var refusal = judgement.Verdict == Verdict.Allowed ? null : judgement.Refusal(holder.Principal);
        Decisions.Add(new IamDecision(holder.Function.LogicalId, "rds-db:connect", [judgement], refusal));
        return refusal is null;
    }

    private Holder? HolderOf(string accessKeyId) => byFunction.Values.FirstOrDefault(holder => holder.Credentials.AccessKeyId == accessKeyId);

    private Holder Of(string functionLogicalId) => byFunction.GetValueOrDefault(functionLogicalId)
        ?? throw new InvalidOperationException($"the template states no role for '{functionLogicalId}'");

    private sealed class Holder(TemplateFunction function, TemplateRole role, TemplateInputs inputs)
    {
        public TemplateFunction Function => function;

        public PolicyEvaluator Evaluator { get; } = new(role.Statements);

        // Made anew for every account of the lab, as sessions are.
        public FunctionCredentials Credentials { get; set; } = new(
            $"ASIA{RandomNumberGenerator.GetHexString(16)}", RandomNumberGenerator.GetHexString(40), RandomNumberGenerator.GetHexString(40));

        public string Principal => $"arn:aws:sts::{inputs.AccountId}:assumed-role/{role.Name}/{function.Name}";

        // Lambda puts the function's ARN into every call that is signed with what it handed out.
        public IamJudgement Judge(IamQuestion question) => Evaluator.Judge(question.With(("lambda:SourceFunctionArn", function.Arn)));
    }
}

/// <summary>What IAM said to one call of a function.</summary>
/// <param name="Function">Logical id.</param>
/// <param name="Call">Service and action, as they were called.</param>
/// <param name="Judgements">One for each question; none for a call that the lab does not know.</param>
/// <param name="Refusal">Why it was refused; <c>null</c> when it was allowed.</param>
internal sealed record IamDecision(string Function, string Call, IReadOnlyList<IamJudgement> Judgements, string? Refusal);
