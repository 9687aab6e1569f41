using System.Reflection;
using Automation.Lab.Setup;
using Automation.Lab.Soak;

namespace Automation.Tests.Lab.Soak;

public sealed class ReadmeReasonsTests
{
    private static readonly IReadOnlySet<string> Reasons = ReadmeReasons.Of(Repository.Read("README.md"));

    [Theory]
    [InlineData(typeof(Automation.Secrets.Reasons))]
    [InlineData(typeof(Automation.Snapshots.Reasons))]
    [InlineData(typeof(Automation.Failover.Reasons))]
    [InlineData(typeof(Automation.Storage.Reasons))]
    [InlineData(typeof(Automation.Preparation.Reasons))]
    public void Of_TheReadme_HasTheReasonsOfEachCapability(Type capability) => Assert.All(
        capability.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!),
        reason => Assert.Contains(reason, Reasons));

    // Words in code font of other tables, and of other columns of the same: accepted as reasons they would explain anything.
    [Theory]
    [InlineData("orders")]
    [InlineData("python3")]
    [InlineData("true")]
    [InlineData("refused")]
    [InlineData("acted")]
    public void Of_TheReadme_HasNoOtherWords(string word) => Assert.DoesNotContain(word, Reasons);

    [Fact]
    public void Of_ATable_IsItsColumnOfReasonsAlone() => Assert.Equal(["at-cap", "stopped"], ReadmeReasons.Of("""
        | Decision | Reasons | Told |
        |---|---|---|
        | `refused` | `stopped`, `at-cap` | `nobody` |

        | Word | Meaning |
        |---|---|
        | `orders` | `billing` |
        """).Order(StringComparer.Ordinal));
}
