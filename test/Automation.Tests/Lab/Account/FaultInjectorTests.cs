using Automation.Lab.Account;

namespace Automation.Tests.Lab.Account;

public sealed class FaultInjectorTests
{
    [Fact]
    public void Next_CountedFault_PassesThenFailsThenPasses()
    {
        var faults = new FaultInjector(new Random(1));
        faults.Inject(new Fault { Kind = FaultKind.Throttle, Service = "rds", Action = "A", After = 1, Times = 2 });

        Assert.Equal([null, FaultKind.Throttle, FaultKind.Throttle, null], Enumerable.Range(0, 4).Select(_ => faults.Next(Call("rds", "A"))));
    }

    [Theory]
    [InlineData("rds", "B")]
    [InlineData("sns", "A")]
    public void Next_OtherCall_NeitherFailsNorCounts(string service, string action)
    {
        var faults = new FaultInjector(new Random(1));
        faults.Inject(new Fault { Kind = FaultKind.Drop, Service = "rds", Action = "A" });

        Assert.Null(faults.Next(Call(service, action)));
        Assert.Equal(FaultKind.Drop, faults.Next(Call("rds", "A")));
    }

    [Fact]
    public void Next_AnyServiceAndAction_FitsEveryCall()
    {
        var faults = new FaultInjector(new Random(1));
        faults.Inject(new Fault { Kind = FaultKind.InternalError, Times = 2 });

        Assert.Equal([FaultKind.InternalError, FaultKind.InternalError, null],
            [faults.Next(Call("a", "x")), faults.Next(Call("b", "y")), faults.Next(Call("c", "z"))]);
    }

    [Fact]
    public void Next_TwoFaultsAtDifferentCalls_BothCountEveryCall()
    {
        var faults = new FaultInjector(new Random(1));
        faults.Inject(new Fault { Kind = FaultKind.Throttle });
        faults.Inject(new Fault { Kind = FaultKind.Drop, After = 1 });

        Assert.Equal([FaultKind.Throttle, FaultKind.Drop, null], Enumerable.Range(0, 3).Select(_ => faults.Next(Call("rds", "A"))));
    }

    [Fact]
    public void Next_FaultOfSomeCallers_LeavesOthersAlone()
    {
        var faults = new FaultInjector(new Random(1));
        faults.Inject(new Fault { Kind = FaultKind.Drop, Callers = new HashSet<string> { "a function" } });

        Assert.Equal([null, FaultKind.Drop], [faults.Next(Call("rds", "A") with { AccessKeyId = "a person" }), faults.Next(Call("rds", "A") with { AccessKeyId = "a function" })]);
    }

    [Fact]
    public void Withdraw_OneOfTwoEqualFaults_LeavesTheOther()
    {
        var faults = new FaultInjector(new Random(1));
        var fault = new Fault { Kind = FaultKind.Drop, Times = 5 };
        faults.Inject(fault);
        faults.Inject(fault with { });

        faults.Withdraw(fault);

        Assert.Equal(FaultKind.Drop, faults.Next(Call("rds", "A")));
        faults.Clear();
        Assert.Null(faults.Next(Call("rds", "A")));
    }

    [Fact]
    public void Next_Probability_IsRepeatableWithTheSameSeed()
    {
        FaultKind?[] Run()
        {
            var faults = new FaultInjector(new Random(3));
            faults.Inject(new Fault { Kind = FaultKind.Drop, Times = int.MaxValue, Probability = 0.5 });
            return [.. Enumerable.Range(0, 40).Select(_ => faults.Next(Call("rds", "A")))];
        }

        Assert.Equal(Run(), Run());
        Assert.Contains(null, Run());
        Assert.Contains(FaultKind.Drop, Run());
    }

    private static AwsCall Call(string service, string action) => new() { Service = service, Action = action, At = default };
}
