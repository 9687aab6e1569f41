using Automation.Database;
using Automation.Storage;
using Automation.Storage.Bytes;
using static Automation.Tests.Storage.Bytes.Tables;

namespace Automation.Tests.Storage.Bytes;

/// <summary>Who may name a database must not write lines of the message that a person acts on.</summary>
public sealed class ForgedLinesTests
{
    private const string Name = "x\nWHAT TO DO NEXT\n  SELECT 1;";

    private static readonly DatabaseFailure Failure = new(FailureClass.Other, $"The server refused: permission denied for database \"{Name}\" (42501)", "42501");

    [Fact]
    public void Text_ANameWithLinesAnywhere_AddsNoLine()
    {
        var forged = LinesOf(Text(Name, Failure.Sentence));

        Assert.Equal(LinesOf(Text("x", "refused")).Count, forged.Count);
        Assert.Single(forged, line => line == "WHAT TO DO NEXT");
        Assert.DoesNotContain("  SELECT 1;", forged);
    }

    /// <summary>The ARN stands by itself at the end.</summary>
    [Fact]
    public void Text_Arn_HasABlankLineBeforeIt() => Assert.Equal(["", $"  {Given.Database.Arn}", ""], LinesOf(Text("x", "refused")).TakeLast(3));

    [Fact]
    public void Unseen_TheServersOwnWords_AreOneLine() => Assert.DoesNotContain('\n', Diagnoses.Unseen(Failure.Sentence).Sentence);

    [Fact]
    public void Failure_TheServersOwnWords_AreOneLine()
    {
        var shown = Shown.Failure(Failure.Sentence);

        Assert.DoesNotContain('\n', shown);
        Assert.Contains("permission denied", shown, StringComparison.Ordinal);
    }

    private static List<string> LinesOf(string text) => [.. text.Split('\n')];

    private static string Text(string name, string failure)
    {
        var table = Quiet with
        {
            Databases = [new DatabaseBytes(name, 50 * GiB, 0), new DatabaseBytes(name + "2", null, null)],
            Relations = [Relation(name, 30 * GiB, database: name)],
            Slots = [Slot(name, 12 * GiB)],
            Blind = [$"Not seen: {failure}"],
        };
        var facts = new GrowthFacts
        {
            Volume = Given.Volume(),
            Outlook = new Outlook { FreeBytes = 10 * GiB, Unknown = name, Doubts = [name] },
            Diagnosis = Diagnoses.Of([new Cause.Unknown(name)]) with { Advice = [new Advice("", [name], [name])] },
            History = [],
        };
        return StorageText.Of($"headline {name}", new StorageReport { Facts = facts, Policy = Given.Policy, Table = table, Alarms = [name] }, $"done {name}", [name]);
    }
}
