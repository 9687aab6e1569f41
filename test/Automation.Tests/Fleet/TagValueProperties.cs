using Automation.Fleet;
using FsCheck;
using FsCheck.Fluent;

namespace Automation.Tests.Fleet;

public sealed class TagValueProperties
{
    private static readonly string[] Words = ["act", "off"];
    private static readonly string[] Keys = ["target", "idle", "max", "protect"];

    private static readonly Gen<string> AnyPiece = Gen.Frequency(
        (6, Gen.Elements("act", "off", " ", "  ", "=", "target=", "idle=", "max=", "protect=", "/", "5", "m", "0.7", "1", "d", "-", "a", "é", "\n", "😀")),
        (1, ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "")));

    private static readonly Gen<string> AnyText = AnyPiece.ListOf().Select(pieces => string.Concat(pieces));

    [Fact]
    public void Read_AnyText_IsReadOrNamedAsMalformedWithinBounds() => Prop.ForAll(AnyText.ToArbitrary(), text =>
    {
        var tag = TagValue.Read(text, Words, Keys);
        var ratio = tag.Ratio("target", 0.5);
        var idle = tag.Duration("idle", TimeSpan.FromMinutes(1));
        var max = tag.PositiveInteger("max", 1);
        var protect = tag.List("protect");
        return ratio is > 0 and <= 1
            && idle > TimeSpan.Zero
            && max > 0
            && tag.Word is null or "act" or "off"
            && (tag.Fault is not null || !protect.Contains(""))
            && (tag.Fault is null || (tag.Fault.Word.Length <= 60 && !tag.Fault.Word.Any(char.IsControl)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void Read_WordsInAnyOrder_IsTheSame() => Prop.ForAll(
        Gen.Shuffle(new[] { "act", "target=0.6", "idle=5m", "max=7", "protect=a/b" }).ToArbitrary(), words =>
        {
            var tag = TagValue.Read(string.Join(' ', words), Words, Keys);
            return tag.Word == "act" && tag.Ratio("target", 1) == 0.6 && tag.Duration("idle", default) == TimeSpan.FromMinutes(5)
                && tag.PositiveInteger("max", 1) == 7 && tag.List("protect").SequenceEqual(["a", "b"]) && tag.Fault is null;
        }).Check(Config.QuickThrowOnFailure);
}
