using System.Text.RegularExpressions;
using Automation.Lab.Account;

namespace Automation.Lab.Snapshots;

/// <summary>What RDS takes as the id of a manual snapshot; moto looks at those of instances alone.</summary>
internal static partial class SnapshotNames
{
    /// <exception cref="SnapshotRefusal">It is none.</exception>
    public static void Expect(AwsCall call, SnapshotKind kind, string parameter)
    {
        var id = call.Parameter(parameter) ?? "";
        if (id.Length <= kind.LongestId && Pattern().IsMatch(id)) return;
        throw SnapshotRefusal.InvalidParameter(call, $"The parameter {parameter} is not a valid identifier. Identifiers must begin with "
            + "a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.");
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$")]
    private static partial Regex Pattern();
}
