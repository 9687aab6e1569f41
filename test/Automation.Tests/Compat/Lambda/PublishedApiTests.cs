using Amazon.Lambda.Annotations;
using Amazon.Lambda.CloudWatchEvents.ScheduledEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;

namespace Automation.Tests.Compat.Lambda;

/// <summary>The subset has no member that the published packages have not, so code that compiles here compiles there.</summary>
public sealed class PublishedApiTests
{
    [Theory]
    [InlineData(typeof(LambdaFunctionAttribute), "Amazon.Lambda.Annotations")]
    [InlineData(typeof(ScheduledEvent), "Amazon.Lambda.CloudWatchEvents")]
    [InlineData(typeof(ILambdaContext), "Amazon.Lambda.Core")]
    [InlineData(typeof(LambdaBootstrap), "Amazon.Lambda.RuntimeSupport")]
    [InlineData(typeof(AwsNamingPolicy), "Amazon.Lambda.Serialization.SystemTextJson")]
    public void PublicMembers_OfThePackage_AreAllPublished(Type member, string package)
    {
        Assert.Equal(package, member.Assembly.GetName().Name);
        Assert.Empty(ApiListing.Load(package).Foreign(member.Assembly.GetExportedTypes()));
    }

    [Theory]
    [InlineData(typeof(Foreign.MethodThatIsNotThere), "static Void Shout(String message)")]
    [InlineData(typeof(Foreign.OtherParameterType), "static Void Log(Int32 message)")]
    [InlineData(typeof(Foreign.OtherParameterName), "static Void Log(String text)")]
    [InlineData(typeof(Foreign.OtherReturnType), "static String Log(String message)")]
    [InlineData(typeof(Foreign.Instance), ".ctor()", "Void Log(String message)")]
    [InlineData(typeof(Foreign.PropertyThatIsNotThere), "static String Level { get; set; }")]
    public void Foreign_MemberThatIsNotPublished_IsNamed(Type type, params string[] foreign)
    {
        const string published = "static class Amazon.Lambda.Core.LambdaLogger";

        var found = ApiListing.Load("Amazon.Lambda.Core").Foreign(published, ApiText.MembersOf(type));

        Assert.Equal(foreign.Select(member => $"{published}: {member}"), found);
    }

    [Theory]
    [InlineData(typeof(Foreign.MethodThatIsNotThere))]
    [InlineData(typeof(PublishedApiTests))]
    public void Foreign_TypeThatIsNotPublished_IsNamed(Type type) =>
        Assert.Equal([ApiText.Of(type)], ApiListing.Load("Amazon.Lambda.Core").Foreign([type]));

    [Fact]
    public void Foreign_PublishedMember_IsNotNamed() => Assert.Empty(ApiListing.Load("Amazon.Lambda.Core")
        .Foreign("static class Amazon.Lambda.Core.LambdaLogger", ApiText.MembersOf(typeof(Foreign.Published))));

    /// <summary>What a subset of <c>LambdaLogger</c> might have by mistake.</summary>
    public static class Foreign
    {
        public static class Published
        {
            public static void Log(string message) => Console.WriteLine(message);
        }

        public static class MethodThatIsNotThere
        {
            public static void Log(string message) => Console.WriteLine(message);

            public static void Shout(string message) => Console.WriteLine(message);
        }

        public static class OtherParameterType
        {
            public static void Log(int message) => Console.WriteLine(message);
        }

        public static class OtherParameterName
        {
            public static void Log(string text) => Console.WriteLine(text);
        }

        public static class OtherReturnType
        {
            public static string Log(string message) => message;
        }

        public sealed class Instance
        {
            public void Log(string message) => Console.WriteLine(message + GetHashCode());
        }

        public static class PropertyThatIsNotThere
        {
            public static string Level { get; set; } = "";
        }
    }
}
