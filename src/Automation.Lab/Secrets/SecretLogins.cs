using System.Collections.Concurrent;
using System.Text.Json;
using Amazon.SecretsManager.Model;
using Automation.Lab.Account;
using Npgsql;

namespace Automation.Lab.Secrets;

/// <summary>
/// Logs in to a database with a secret's current value at a steady rate, each time with a connection of its own, and records
/// how each login ended. Logins begin on time whether or not earlier ones have ended.
/// </summary>
internal sealed class SecretLogins : IAsyncDisposable
{
    private readonly SecretLoginsOptions options;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim places;
    private readonly ConcurrentDictionary<Task, byte> underway = new();
    private readonly Task clock;
    private volatile Credential? kept;

    private SecretLogins(SecretLoginsOptions options)
    {
        this.options = options;
        places = new SemaphoreSlim(options.AtOnce);
        clock = RunAsync();
    }

    /// <summary>Every login that ended.</summary>
    public Journal<LoginAttempt> Attempts { get; } = new();

    /// <summary>Begins logging in.</summary>
    public static SecretLogins Start(SecretLoginsOptions options) => new(options);

    /// <summary>What happened so far.</summary>
    public LoginSummary Summary() => LoginSummary.Of(Attempts.Entries);

    /// <summary>Returns once a login that began after the call has succeeded.</summary>
    /// <exception cref="OperationCanceledException">None did in the caller's time.</exception>
    public async Task<LoginAttempt> NextSuccessAsync(CancellationToken cancellation)
    {
        var now = options.Time.GetUtcNow();
        return await Attempts.FirstAsync(a => a.At >= now && a.Result == LoginResult.Ok, cancellation);
    }

    /// <summary>Begins no more logins, waits for those underway, and sums up.</summary>
    public async Task<LoginSummary> StopAsync()
    {
        await stopping.CancelAsync();
        await clock;
        await Task.WhenAll(underway.Keys);
        return Summary();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
        places.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(options.Interval, options.Time);
        try
        {
            do
            {
                await places.WaitAsync(stopping.Token);
                Track(LogInAndRecordAsync());
            }
            while (await timer.WaitForNextTickAsync(stopping.Token));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // StopAsync.
        }
    }

    private void Track(Task login)
    {
        underway.TryAdd(login, 0);
        _ = login.ContinueWith(ended => underway.TryRemove(ended, out _), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task LogInAndRecordAsync()
    {
        await Task.Yield();
        var (at, started) = (options.Time.GetUtcNow(), options.Time.GetTimestamp());
        // Not the token of StopAsync: a login that began is seen to its end.
        using var limit = new CancellationTokenSource(options.Limit, options.Time);
        var login = new Login();
        try
        {
            await LogInAsync(login, limit.Token);
        }
        catch (PostgresException e)
        {
            (login.Result, login.Error) = (e.SqlState == PostgresErrorCodes.InvalidPassword ? LoginResult.Refused : LoginResult.Error, $"{e.SqlState}: {e.MessageText}");
        }
        catch (Exception e)
        {
            // Whatever it was, the application did not get in.
            (login.Result, login.Error) = (LoginResult.Error, $"{e.GetType().Name}: {e.Message}");
        }
        finally
        {
            places.Release();
        }
        Attempts.Add(new LoginAttempt
        {
            At = at,
            Duration = options.Time.GetElapsedTime(started),
            Result = login.Result,
            VersionId = login.VersionId,
            Error = login.Error,
            ReadAgain = login.ReadAgain,
        });
    }

    private async Task LogInAsync(Login login, CancellationToken cancellation)
    {
        var credential = kept;
        if (options.Reading == SecretReading.EachLogin || credential is null) kept = credential = await ReadAsync(cancellation);
        login.VersionId = credential.VersionId;
        try
        {
            await OpenAsync(credential, cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidPassword && options.Reading == SecretReading.KeptUntilRefused)
        {
            login.ReadAgain = true;
            kept = credential = await ReadAsync(cancellation);
            login.VersionId = credential.VersionId;
            await OpenAsync(credential, cancellation);
        }
    }

    private async Task OpenAsync(Credential credential, CancellationToken cancellation)
    {
        var settings = options.Login(credential.User, credential.Password);
        settings.Pooling = false;
        // While a server says nothing at all, Npgsql keeps to its own limit and does not look at the token.
        settings.Timeout = (int)Math.Ceiling(options.Limit.TotalSeconds);
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellation);
    }

    private async Task<Credential> ReadAsync(CancellationToken cancellation)
    {
        var value = await options.Secrets.GetSecretValueAsync(
            new GetSecretValueRequest { SecretId = options.SecretId, VersionStage = SecretLabels.Current }, cancellation);
        var members = JsonElement.Parse(value.SecretString);
        return new Credential(value.VersionId, members.GetProperty("username").GetString()!, members.GetProperty("password").GetString()!);
    }

    private sealed record Credential(string VersionId, string User, string Password);

    // What is known of a login while it goes on, so that a failure keeps it.
    private sealed class Login
    {
        public LoginResult Result { get; set; }
        public string? VersionId { get; set; }
        public string? Error { get; set; }
        public bool ReadAgain { get; set; }
    }
}
