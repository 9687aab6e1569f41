using Automation.Lab.Soak;

namespace Automation.Tests.Lab.Soak;

public sealed class SoakTextsTests
{
    // The automation keeps a group as a map; a password in there is one in the ledger.
    [Fact]
    public void TextOf_AnItem_HasWhatIsDeepInIt()
    {
        using var bytes = new MemoryStream("in bytes"u8.ToArray());
        var text = SoakTexts.TextOf(new()
        {
            ["pk"] = new("database#db-1"),
            ["group"] = new() { M = new() { ["role"] = new("in a map") } },
            ["list"] = new() { L = [new() { M = new() { ["deeper"] = new("in a map in a list") } }] },
            ["set"] = new(["in a set"]),
            ["number"] = new() { N = "4711" },
            ["binary"] = new() { B = bytes },
            ["in a name"] = new() { BOOL = true },
        });

        Assert.All(["database#db-1", "role in a map", "deeper in a map in a list", "in a set", "4711", "in bytes", "in a name"], part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Canaries_OfTheFunctions_AreTheirKeyTokenAndSignatures() => Assert.Equal(
        ["a secret access key", "a session token", "the signature of an IAM token"], SoakFunctions.Canaries.Select(canary => canary.Name));
}
