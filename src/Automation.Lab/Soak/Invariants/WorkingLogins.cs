namespace Automation.Lab.Soak.Invariants;

/// <summary>After it all, each application gets into its database with its secret's current value.</summary>
internal static class WorkingLogins
{
    public static Verdict Judge(SoakFacts facts) => new(
        "4 every application logs in with its secret", facts.Logins.Count,
        [.. facts.Logins.Where(login => login.Error is not null).Select(login => $"{login.Role} does not get into {login.Database}: {login.Error}")]);
}
