using System.Text.Json;
using Automation.Lab.Account;

namespace Automation.Tests.Lab.Account;

/// <summary>Rows follow the examples of the EventBridge user guide, "Comparison operators for use in event patterns".</summary>
public sealed class EventPatternTests
{
    [Theory]
    // Exact values.
    [InlineData("""{"name":["Alice"]}""", """{"name":"Alice"}""", true)]
    [InlineData("""{"name":["Alice"]}""", """{"name":"alice"}""", false)]
    [InlineData("""{"name":["Alice"]}""", """{"other":"Alice"}""", false)]
    [InlineData("""{"location":["New York"],"day":["Monday"]}""", """{"location":"New York","day":"Monday"}""", true)]
    [InlineData("""{"location":["New York"],"day":["Monday"]}""", """{"location":"New York","day":"Friday"}""", false)]
    [InlineData("""{"payment":["Credit","Debit"]}""", """{"payment":"Debit"}""", true)]
    [InlineData("""{"n":[300]}""", """{"n":300}""", true)]
    [InlineData("""{"n":[300]}""", """{"n":300.0}""", false)]
    [InlineData("""{"n":[300]}""", """{"n":3.0e2}""", false)]
    [InlineData("""{"n":[300]}""", """{"n":"300"}""", false)]
    [InlineData("""{"b":[true]}""", """{"b":true}""", true)]
    [InlineData("""{"b":[true]}""", """{"b":false}""", false)]
    // Null and empty.
    [InlineData("""{"user":[null]}""", """{"user":null}""", true)]
    [InlineData("""{"user":[null]}""", """{"user":""}""", false)]
    [InlineData("""{"user":[null]}""", """{}""", false)]
    [InlineData("""{"last":[""]}""", """{"last":""}""", true)]
    [InlineData("""{"last":[""]}""", """{"last":"x"}""", false)]
    // Arrays in the event.
    [InlineData("""{"resources":["b"]}""", """{"resources":["a","b"]}""", true)]
    [InlineData("""{"resources":["c"]}""", """{"resources":["a","b"]}""", false)]
    [InlineData("""{"resources":["b"]}""", """{"resources":[["a"],["b"]]}""", true)]
    [InlineData("""{"users":{"first":["Ann"],"last":["Lee"]}}""", """{"users":[{"first":"Ann","last":"Ray"},{"first":"Ann","last":"Lee"}]}""", true)]
    [InlineData("""{"users":{"first":["Ann"],"last":["Lee"]}}""", """{"users":[{"first":"Ann","last":"Ray"},{"first":"Bob","last":"Lee"}]}""", false)]
    // Prefix, suffix, case, wildcard.
    [InlineData("""{"time":[{"prefix":"2017-10-02"}]}""", """{"time":"2017-10-02T18:43:48Z"}""", true)]
    [InlineData("""{"time":[{"prefix":"2017-10-03"}]}""", """{"time":"2017-10-02T18:43:48Z"}""", false)]
    [InlineData("""{"service":[{"prefix":{"equals-ignore-case":"eventb"}}]}""", """{"service":"EventBridge"}""", true)]
    [InlineData("""{"file":[{"suffix":".png"}]}""", """{"file":"a.png"}""", true)]
    [InlineData("""{"file":[{"suffix":".png"}]}""", """{"file":"a.PNG"}""", false)]
    [InlineData("""{"service":[{"suffix":{"equals-ignore-case":"tBridge"}}]}""", """{"service":"EVENTBRIDGE"}""", true)]
    [InlineData("""{"name":[{"equals-ignore-case":"alice"}]}""", """{"name":"ALICE"}""", true)]
    [InlineData("""{"file":[{"wildcard":"dir/*.png"}]}""", """{"file":"dir/a.png"}""", true)]
    [InlineData("""{"file":[{"wildcard":"dir/*.png"}]}""", """{"file":"dir/a.jpg"}""", false)]
    [InlineData("""{"file":[{"wildcard":"*/lib/*"}]}""", """{"file":"/usr/lib/c"}""", true)]
    [InlineData("""{"file":[{"wildcard":"a*aba"}]}""", """{"file":"aba"}""", false)]
    [InlineData("""{"file":[{"wildcard":"a*b*c"}]}""", """{"file":"axbybzc"}""", true)]
    [InlineData("""{"file":[{"wildcard":"50\\*"}]}""", """{"file":"50*"}""", true)]
    [InlineData("""{"file":[{"wildcard":"50\\*"}]}""", """{"file":"500"}""", false)]
    // Anything but.
    [InlineData("""{"state":[{"anything-but":"initializing"}]}""", """{"state":"running"}""", true)]
    [InlineData("""{"state":[{"anything-but":"initializing"}]}""", """{"state":"initializing"}""", false)]
    [InlineData("""{"state":[{"anything-but":"initializing"}]}""", """{}""", false)]
    [InlineData("""{"limit":[{"anything-but":123}]}""", """{"limit":124}""", true)]
    [InlineData("""{"limit":[{"anything-but":[100,200,300]}]}""", """{"limit":200}""", false)]
    [InlineData("""{"state":[{"anything-but":["stopped","overloaded"]}]}""", """{"state":"stopped"}""", false)]
    [InlineData("""{"state":[{"anything-but":{"prefix":"init"}}]}""", """{"state":"initializing"}""", false)]
    [InlineData("""{"state":[{"anything-but":{"prefix":["init","term"]}}]}""", """{"state":"terminated"}""", false)]
    [InlineData("""{"file":[{"anything-but":{"suffix":".png"}}]}""", """{"file":"a.txt"}""", true)]
    [InlineData("""{"state":[{"anything-but":{"equals-ignore-case":["Init","stop"]}}]}""", """{"state":"STOP"}""", false)]
    [InlineData("""{"file":[{"anything-but":{"wildcard":"*/lib/*"}}]}""", """{"file":"/a/lib/b"}""", false)]
    // Numbers.
    [InlineData("""{"price":[{"numeric":["=",100]}]}""", """{"price":1e2}""", true)]
    [InlineData("""{"price":[{"numeric":[">",10,"<=",20]}]}""", """{"price":10}""", false)]
    [InlineData("""{"price":[{"numeric":[">",10,"<=",20]}]}""", """{"price":20}""", true)]
    [InlineData("""{"price":[{"numeric":[">",10]}]}""", """{"price":"11"}""", false)]
    // Existence is for leaf nodes alone.
    [InlineData("""{"detail":{"state":[{"exists":true}]}}""", """{"detail":{"state":"x"}}""", true)]
    [InlineData("""{"detail":{"state":[{"exists":true}]}}""", """{"detail":{"state":{"code":1}}}""", false)]
    [InlineData("""{"detail":{"state":[{"exists":true}]}}""", """{"detail":{"state":[]}}""", false)]
    [InlineData("""{"detail":{"state":[{"exists":false}]}}""", """{"detail":{}}""", true)]
    [InlineData("""{"detail":{"state":[{"exists":false}]}}""", """{}""", true)]
    [InlineData("""{"detail":{"state":[{"exists":false}]}}""", """{"detail":{"state":null}}""", false)]
    [InlineData("""{"state":[{"exists":false},"on"]}""", """{"state":"on"}""", true)]
    // Or, beside other fields and nested.
    [InlineData("""{"$or":[{"location":["New York"]},{"day":["Monday"]}]}""", """{"location":"Paris","day":"Monday"}""", true)]
    [InlineData("""{"$or":[{"location":["New York"]},{"day":["Monday"]}]}""", """{"location":"Paris","day":"Friday"}""", false)]
    [InlineData("""{"source":["aws.rds"],"$or":[{"c":[{"numeric":[">",0]}]},{"d":["x"]}]}""", """{"source":"aws.ec2","d":"x"}""", false)]
    [InlineData("""{"detail":{"$or":[{"c":["1"]},{"d":{"e":["x"]}}]}}""", """{"detail":{"d":{"e":"x"}}}""", true)]
    public void Matches_DocumentedExample_AsDocumented(string pattern, string document, bool expected) =>
        Assert.Equal(expected, EventPattern.Parse(Json(pattern)).Matches(Json(document)));

    [Theory]
    [InlineData("""{"detail":{"ip":[{"cidr":"10.0.0.0/24"}]}}""", "detail.ip", "'cidr'")]
    [InlineData("""{"a":[{"anything-but":{"contains":"x"}}]}""", "a", "'contains'")]
    [InlineData("""{"a":"x"}""", "a", "list")]
    [InlineData("""{"a":[]}""", "a", "at least one value")]
    [InlineData("""{"a":[["x"]]}""", "a", "list within a list")]
    [InlineData("""{"a":[{"prefix":1}]}""", "a", "text")]
    [InlineData("""{"a":[{"prefix":"x","suffix":"y"}]}""", "a", "one operator")]
    [InlineData("""{"a":[{"exists":"yes"}]}""", "a", "true or false")]
    [InlineData("""{"a":[{"numeric":[">"]}]}""", "a", "numeric")]
    [InlineData("""{"a":[{"numeric":["!=",1]}]}""", "a", "!=")]
    [InlineData("""{"a":[{"numeric":["<",6000000000]}]}""", "a", "5000000000")]
    [InlineData("""{"a":[{"wildcard":"x**"}]}""", "a", "two asterisks")]
    [InlineData("""{"a":[{"wildcard":"x\\y"}]}""", "a", "backslash")]
    [InlineData("""{"$or":[{"a":["x"]}]}""", "$or", "at least two")]
    [InlineData("""{}""", "", "at least one field")]
    public void Parse_MalformedPattern_NamesPlaceAndProblem(string pattern, string place, string problem)
    {
        var error = Assert.Throws<FormatException>(() => EventPattern.Parse(Json(pattern)));

        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
