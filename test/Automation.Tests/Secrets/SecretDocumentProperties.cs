using System.Text.Json;
using Automation.Secrets;
using FsCheck;
using FsCheck.Fluent;

namespace Automation.Tests.Secrets;

/// <summary>Secrets as no template would write them: any order, spacing and escapes, with members of the owner's own.</summary>
public sealed class SecretDocumentProperties
{
    private const string Canary = "canary-Passw0rd";

    private static readonly string[] OwnNames =
    [
        "\"note\"", "\"Password\"", "\"USERNAME\"", "\"\"", "\"é\"", "\"\\ud800\"", "\"a\\\"b\"", "\"pass\\u0000word\"", "\"user\\tname\"", "\"url\"",
    ];

    private static readonly string[] OwnValues =
    [
        "null", "true", "-0", "1.50e+03", "1E400", "\"\"", "\"\\ud800\"", "\"\\\"password\\\":\\\"x\\\"\"", "\"\\u0041\\/é🦀\"", "\"\\\\\"", "[]", "{}",
    ];

    private static readonly Gen<string> Space = Gen.Elements("", "", " ", "\n\t", "\r\n  ");

    private static readonly Gen<string> Word = from length in Gen.Choose(1, 20)
                                               from characters in Gen.Elements("abcXYZ019-._~".ToCharArray()).ArrayOf(length)
                                               select new string(characters);

    // The token of a JSON string, with some of its characters written as escapes.
    private static Gen<string> Token(string text) => Gen.Elements(0, 0, 1, 2).ArrayOf(text.Length).Select(forms =>
        $"\"{string.Concat(text.Zip(forms, (c, form) => form switch { 0 => $"{c}", 1 => $"\\u{(int)c:x4}", _ => $"\\u{(int)c:X4}" }))}\"");

    private static Gen<string> OwnValue(int depth) => depth == 0 ? Gen.Elements(OwnValues) : Gen.OneOf(
        Gen.Elements(OwnValues),
        from space in Space from items in OwnValue(depth - 1).ListOf(3) select $"[{space}{string.Join($"{space},", items)}]",
        from space in Space from value in OwnValue(depth - 1)
        select $"{{{space}\"password\":{space}\"inner\",\"username\"{space}:{value},\"password\":{value}}}");

    private static Gen<(string Kind, string Text)> Known(string kind, string text) =>
        from name in Token(kind) from value in Token(text) from before in Space from after in Space from end in Space
        select (kind, $"{before}{name}{after}:\u0001{value}\u0001{end}");

    private static readonly Gen<(string Kind, string Text)> Own =
        from name in Gen.Elements(OwnNames) from value in OwnValue(3) from before in Space from after in Space
        select ("own", $"{before}{name}{after}:{after}\u0001{value}\u0001{before}");

    private sealed record Sample(string Json, string Expected, string Username, string Password);

    private static readonly Gen<Sample> Samples =
        from oldUser in Word
        from newUser in Word
        from newPassword in Word
        from engine in Known("engine", "postgres")
        from host in Known("host", "db.example.com")
        from user in Known("username", oldUser)
        from password in Known("password", Canary)
        from own in Own.ListOf(4)
        from members in Gen.Shuffle<(string Kind, string Text)>([engine, host, user, password, .. own])
        from outside in Space
        select new Sample(
            $"{outside}{{{string.Join(',', members.Select(member => member.Text.Replace("\u0001", "", StringComparison.Ordinal)))}}}{outside}",
            $"{outside}{{{string.Join(',', members.Select(member => Rewritten(member, newUser, newPassword)))}}}{outside}", newUser, newPassword);

    // U+0001 stands around the value of each member, as a JSON text itself cannot hold it.
    private static string Rewritten((string Kind, string Text) member, string user, string password)
    {
        var parts = member.Text.Split('\u0001');
        return parts[0] + member.Kind switch { "username" => $"\"{user}\"", "password" => $"\"{password}\"", _ => parts[1] } + parts[2];
    }

    private static readonly Gen<string> AnyText = ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "");

    [Fact]
    public void With_AnySecret_KeepsEveryOtherByteAndIsReadBack() =>
        Prop.ForAll(Samples.ToArbitrary(), sample =>
        {
            var document = SecretDocument.Read(sample.Json, out var fault) ?? throw new InvalidOperationException($"{fault} in {sample.Json}");
            var written = document.With(sample.Username, new Concealed(sample.Password));
            var again = SecretDocument.Read(written, out _);
            return document.Password.Value == Canary && written == sample.Expected
                && (again!.Username, again.Password.Value) == (sample.Username, sample.Password);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void With_AnyNameAndPassword_IsReadBackByAnotherReaderToo()
    {
        var valid = AnyText.Where(text => text.Length > 0 && text.EnumerateRunes().All(rune => rune.Value != 0xfffd));
        var document = SecretDocument.Read("""{"engine":"postgres","host":"h","username":"a","password":"b"}""", out _)!;
        Prop.ForAll(valid.Zip(valid).ToArbitrary(), pair =>
        {
            var written = JsonElement.Parse(document.With(pair.Item1, new Concealed(pair.Item2)));
            return (written.GetProperty("username").GetString(), written.GetProperty("password").GetString()) == pair;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    // A sound secret with a piece of it replaced by anything.
    private static readonly Gen<string> Bent =
        from sample in Samples
        from start in Gen.Choose(0, sample.Json.Length)
        from length in Gen.Choose(0, 12)
        from piece in Gen.OneOf(AnyText, Gen.Elements(OwnValues), Gen.Elements("}", "\"", ",", "//", "\ud800", "\\", $"\"password\":\"{Canary}\","))
        select string.Concat(sample.Json.AsSpan(0, start), piece, sample.Json.AsSpan(Math.Min(sample.Json.Length, start + length)));

    [Fact]
    public void Read_AnyText_IsASecretOrAFaultWithoutAValue() =>
        Prop.ForAll(Gen.OneOf(Bent, Bent, AnyText).ToArbitrary(), text =>
        {
            var document = SecretDocument.Read(text, out var fault);
            return document is null
                ? fault is not null && !fault.ToString().Contains(Canary, StringComparison.Ordinal)
                : fault is null && !document.ToString().Contains(Canary, StringComparison.Ordinal);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
}
