using Automation.Database;
using Automation.Secrets;
using Npgsql;

namespace Automation.Tests.Secrets.Rules;

/// <summary>What a failure means, over every class and every SQLSTATE that the driver knows a name for.</summary>
public sealed class LoginRulesTests
{
    private const string ServersWords = "the words of the server about role \"canary-role\"";

    // null: the server gave no code.
    private static readonly IReadOnlyList<string?> SqlStates =
        [null, .. typeof(PostgresErrorCodes).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];

    private static readonly IReadOnlyList<DatabaseFailure> EveryFailure =
        [.. from kind in Enum.GetValues<FailureClass>() from state in SqlStates select new DatabaseFailure(kind, ServersWords, state)];

    public static TheoryData<FailureClass, string?, string> Logins => new()
    {
        { FailureClass.Authentication, "28P01", "refused" },
        { FailureClass.Authentication, "28000", "refused" },
        { FailureClass.Authentication, null, "login-not-scram" },
        { FailureClass.SlotsExhausted, "53300", "no-slots" },
        { FailureClass.RoleLimit, "53300", "no-slots" },
        { FailureClass.DatabaseLimit, "53300", "no-slots" },
        { FailureClass.Other, "53300", "no-slots" },
        { FailureClass.ReadOnly, "25006", "standby" },
        { FailureClass.ShuttingDown, "57P01", "database-unavailable" },
        { FailureClass.StartingUp, "57P03", "database-unavailable" },
        { FailureClass.Unreachable, null, "database-unavailable" },
        { FailureClass.TlsNotVerified, null, "tls-not-verified" },
        { FailureClass.UnknownOutcome, null, "unknown-outcome" },
        // The database does not exist; the role may not connect to it; the server gave up waiting for the password.
        { FailureClass.Other, "3D000", "database-error" },
        { FailureClass.Other, "42501", "database-error" },
        { FailureClass.Other, "57014", "database-error" },
        { FailureClass.Other, null, "database-error" },
    };

    public static TheoryData<FailureClass, string?, string> Statements => new()
    {
        { FailureClass.Other, "55P03", "rotation-in-progress" },
        { FailureClass.Other, "57014", "rotation-in-progress" },
        { FailureClass.Other, "XX000", "concurrent-change" },
        { FailureClass.Other, "42501", "no-admin-option" },
        { FailureClass.Other, "53200", "database-error" },
        { FailureClass.Other, null, "database-error" },
        { FailureClass.ReadOnly, "25006", "standby" },
        { FailureClass.UnknownOutcome, "08007", "unknown-outcome" },
        { FailureClass.Unreachable, null, "database-unavailable" },
        { FailureClass.ShuttingDown, "57P01", "database-unavailable" },
        { FailureClass.Authentication, "28000", "database-error" },
    };

    [Fact]
    public void StateOf_EveryFailure_IsRefusedOnlyWhereTheServerLookedAtTheCredential()
    {
        Assert.True(EveryFailure.Count > 2000);
        Assert.All(EveryFailure, failure => Assert.Equal(
            failure is { Class: FailureClass.Authentication, SqlState: "28P01" or "28000" } ? LoginState.Refused : LoginState.Unavailable,
            LoginRules.StateOf(failure)));
    }

    [Theory]
    [InlineData("InitPostgres")]
    [InlineData("InitProcess")]
    [InlineData("InitializeSessionUserId")]
    [InlineData("CheckMyDatabase")]
    [InlineData("ProcessStartupPacket")]
    [InlineData("somewhere new")]
    [InlineData(null)]
    public void StateOf_TooManyConnectionsWhereverItComesFrom_IsNeverRefused(string? routine)
    {
        var said = new PostgresException("zu viele Verbindungen", "FATAL", "FATAL", "53300", routine: routine);
        var failure = DatabaseFailure.From(said, DatabaseActivity.Opening);

        Assert.Equal(LoginState.Unavailable, LoginRules.StateOf(failure));
        Assert.Equal("no-slots", LoginRules.Explain(failure, RotationLogin.Current).Reason);
        Assert.True(LoginRules.Explain(failure, RotationLogin.Current).MayPass);
    }

    [Theory, MemberData(nameof(Logins))]
    public void Explain_Login_HasTheReasonOfTheTable(FailureClass kind, string? sqlState, string reason)
    {
        foreach (var login in Enum.GetValues<RotationLogin>())
        {
            var refusal = LoginRules.Explain(new DatabaseFailure(kind, ServersWords, sqlState), login);
            var expected = reason != "refused" ? reason : login switch
            {
                RotationLogin.Pending => "pending-refused",
                RotationLogin.Administrator => "administrator-refused",
                _ => "current-refused",
            };
            Assert.Equal((login, expected), (login, refusal.Reason));
            if (sqlState is not null) Assert.Contains(sqlState, refusal.Sentence, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Statements))]
    public void Explain_Statement_HasTheReasonOfTheTable(FailureClass kind, string? sqlState, string reason) =>
        Assert.Equal(reason, LoginRules.Explain(new DatabaseFailure(kind, ServersWords, sqlState), "changing the password").Reason);

    [Fact]
    public void Explain_RoleMayNotLogIn_IsToldFromAWrongPassword() => Assert.Equal("no-login", LoginRules.Explain(
        DatabaseFailure.From(new PostgresException("role \"app\" is not permitted to log in", "FATAL", "FATAL", "28000"), DatabaseActivity.Opening),
        RotationLogin.Current).Reason);

    // A role may be called anything, and only a server that looked at the role can say that it may not log in.
    [Fact]
    public void Explain_RoleCalledLikeTheSentence_DoesNotMakeAnUnavailableLoginARefusedOne()
    {
        var failure = new DatabaseFailure(FailureClass.RoleLimit, "too many connections for role \"x is not permitted to log in\"", "53300");

        Assert.Equal("no-slots", LoginRules.Explain(failure, RotationLogin.Current).Reason);
    }

    [Fact]
    public void Explain_EveryFailure_IsInOurOwnWordsAndHasAnErrorType()
    {
        foreach (var failure in EveryFailure)
        {
            Refusal[] refusals = [LoginRules.Explain(failure, "changing the password"), .. Enum.GetValues<RotationLogin>().Select(login => LoginRules.Explain(failure, login))];
            foreach (var refusal in refusals)
            {
                Assert.DoesNotContain("the words of the server", refusal.Sentence, StringComparison.Ordinal);
                Assert.DoesNotContain("canary-role", refusal.Sentence, StringComparison.Ordinal);
                Assert.StartsWith(refusal.Reason, RotationErrors.Of(refusal.Reason, refusal.Sentence).Message, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>What says nothing about the credential may pass by itself, and is answered as failed; the rest needs a person.</summary>
    [Fact]
    public void Explain_UnavailableLogin_MayPassUnlessTheServerIsTheWrongOne()
    {
        foreach (var failure in EveryFailure.Where(failure => LoginRules.StateOf(failure) == LoginState.Unavailable))
        {
            var refusal = LoginRules.Explain(failure, RotationLogin.Current);
            Assert.Equal((failure, refusal.Reason is not ("standby" or "login-not-scram")), (failure, refusal.MayPass));
        }
    }
}
