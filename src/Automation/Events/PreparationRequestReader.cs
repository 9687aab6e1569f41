using System.Text.Json;
using System.Text.RegularExpressions;
using Automation.Outcomes;

namespace Automation.Events;

/// <summary>
/// Reads what a person asks for under <c>detail</c>. Nothing else is taken, not even beside it: whoever misspells a member must
/// not take back what the member would have kept, and there is no place for a password or SQL.
/// </summary>
internal static partial class PreparationRequestReader
{
    private const string Home = "postgres";
    private const int MostRoles = 100;

    /// <exception cref="InvalidInputException">The input is something else; the message names the field at fault.</exception>
    public static PreparationRequest Read(JsonElement input)
    {
        var root = InputField.Root(input);
        root.RequireMembers("detail");
        var detail = root.SingleMember("detail");
        detail.RequireMembers("database", "mode", "in", "rotates", "testsFailover");
        return new PreparationRequest
        {
            Id = detail.SingleMember("database").Text(Identifier(), "the identifier of an instance or cluster: 1 to 63 letters, digits and hyphens, beginning with a letter").ToLowerInvariant(),
            Mode = detail.SingleMember("mode") is { IsPresent: true } mode && mode.Text(Modes(), "observe or act") == "act" ? Mode.Act : Mode.Observe,
            In = detail.SingleMember("in") is { IsPresent: true } name ? ReadName(name, "the name of a database on the server") : Home,
            Rotates = ReadRoles(detail.SingleMember("rotates")),
            TestsFailover = detail.SingleMember("testsFailover").OptionalFlag() ?? false,
        };
    }

    private static string[] ReadRoles(InputField field)
    {
        if (!field.IsPresent) return [];
        var items = field.Items();
        return items.Count <= MostRoles
            ? [.. items.Select(ReadRole)]
            : throw new InvalidInputException(field.Path, $"at most {MostRoles} roles", $"{items.Count}");
    }

    // The script takes them in one text, cut at the commas, without the spaces around them.
    private static string ReadRole(InputField field)
    {
        var name = ReadName(field, "the name of a role");
        return name.Contains(',', StringComparison.Ordinal) || name != name.Trim(' ')
            ? throw new InvalidInputException(field.Path, "the name of a role, without a comma and without spaces around it", "another name")
            : name;
    }

    private static string ReadName(InputField field, string what)
    {
        var name = field.Text();
        return SqlIdentifier.IsName(name) && !name.Any(char.IsControl)
            ? name
            : throw new InvalidInputException(field.Path, $"{what}, {SqlIdentifier.Rule}, and no control character", "something else");
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9-]{0,62}\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\A(?:observe|act)\z")]
    private static partial Regex Modes();
}
