using Automation.Lab.Account;
using Automation.Lab.Secrets;
using Automation.Database;
using Automation.Secrets;

namespace Automation.LabTests.Secrets;

/// <summary>Every call of an account's rotations to the world outside, in order, and the fault at one of them.</summary>
internal sealed class RotationCalls
{
    private static readonly string[] Services = ["secretsmanager", "dynamodb", "sns", "rds"];

    private readonly Lock access = new();
    private readonly List<ExternalCall> calls = [];
    private (int Position, Disturbance Kind)? planned;
    private (AwsCall Call, Disturbance Kind)? underway;
    private string step = "";
    private (int Position, TaskCompletionSource Reached, TaskCompletionSource Released)? pause;
    private int invocation;
    private int armedAt;
    private bool dead;

    public RotationCalls(RotationAccount account)
    {
        foreach (var service in Services)
        {
            account.Endpoint.Before(service, null, BeforeAsync);
            account.Endpoint.After(service, null, AfterAsync);
        }
    }

    public IReadOnlyList<ExternalCall> All
    {
        get
        {
            lock (access) return [.. calls];
        }
    }

    /// <summary>Where the fault came; <c>null</c> when it did not.</summary>
    public ExternalCall? Disturbed { get; private set; }

    /// <summary>The decorator of <see cref="RotationOptions.Logins"/>.</summary>
    public IRoleLogins Around(IRoleLogins logins) => new DisturbedLogins(logins, this);

    /// <summary>The call at this position from now on goes wrong.</summary>
    public void Arm(int position, Disturbance kind)
    {
        lock (access) (planned, armedAt, Disturbed) = ((position, kind), calls.Count, null);
    }

    /// <summary>A new process may be started: it is undisturbed.</summary>
    public void Disarm()
    {
        lock (access) (planned, dead) = (null, false);
    }

    /// <summary>The call at this position, counted from the first, waits for <paramref name="released"/>.</summary>
    /// <returns>Ends when it waits.</returns>
    public Task PauseAt(int position, TaskCompletionSource released)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (access) pause = (position, reached, released);
        return reached.Task;
    }

    /// <summary>Tells apart which invocation a call belongs to.</summary>
    public InvokeRotation Watch(InvokeRotation invoke) => (payload, cancellation) =>
    {
        lock (access)
        {
            invocation++;
            step = RotationDriver.Steps.First(name => payload.Contains($"\"{name}\"", StringComparison.Ordinal));
        }
        return invoke(payload, cancellation);
    };

    /// <exception cref="ProcessEndedException">There is no process any more that could call.</exception>
    public (ExternalCall Call, Disturbance? Fault) Begin(string name, DatabaseLogin? login)
    {
        lock (access)
        {
            if (dead) throw new ProcessEndedException();
            return Note(new ExternalCall(invocation, step, name) { User = login?.User, Password = (login as PasswordLogin)?.Password });
        }
    }

    /// <exception cref="ProcessEndedException">Always.</exception>
    public void Die()
    {
        lock (access) dead = true;
        throw new ProcessEndedException();
    }

    /// <summary>Ends when the latest call may be made.</summary>
    public Task MayPassAsync()
    {
        lock (access)
        {
            if (pause is not { } here || calls.Count - 1 != here.Position) return Task.CompletedTask;
            pause = null;
            here.Reached.SetResult();
            return here.Released.Task;
        }
    }

    private (ExternalCall Call, Disturbance? Fault) Note(ExternalCall call)
    {
        calls.Add(call);
        if (planned is not { } plan || calls.Count - armedAt - 1 != plan.Position) return (call, null);
        planned = null;
        Disturbed = call;
        return (call, plan.Kind);
    }

    private async ValueTask<AwsAnswer?> BeforeAsync(AwsCall call, CancellationToken cancellation)
    {
        Disturbance? fault;
        lock (access)
        {
            if (dead) return Unheard(call);
            (_, fault) = Note(new ExternalCall(invocation, step, $"{call.Service}.{call.Action}") { Body = call.Body, Succeeded = true });
            if (fault is not null) underway = (call, fault.Value);
        }
        await MayPassAsync();
        if (fault == Disturbance.TimesOut) await Task.Delay(Timeout.Infinite, cancellation);
        return fault == Disturbance.FailsBefore ? ErrorAnswer.Internal(call, "injected: nothing happened") : null;
    }

    private ValueTask<AwsAnswer> AfterAsync(AwsCall call, AwsAnswer answer, CancellationToken cancellation)
    {
        lock (access)
        {
            if (underway is not { } fault || !ReferenceEquals(fault.Call, call)) return ValueTask.FromResult(answer);
            underway = null;
            dead = fault.Kind == Disturbance.ProcessDies;
        }
        return ValueTask.FromResult(Unheard(call));
    }

    private static AwsAnswer Unheard(AwsCall call) => ErrorAnswer.Internal(call, "injected: whatever happened");
}

/// <summary>Lambda has ended the process.</summary>
internal sealed class ProcessEndedException : Exception;
