using Automation.Lab.Gate.Iam;

namespace Automation.Lab.Gate;

/// <summary>Why a login ends after its startup message, in the words of PostgreSQL, RDS and RDS Proxy.</summary>
internal static class LoginRefusals
{
    public static GateRefusal OnlyReservedSlots { get; } = new("slots-reserved", "53300",
        "remaining connection slots are reserved for non-replication superuser and rds_superuser connections",
        "every slot of ordinary roles is taken");

    // "Troubleshooting for RDS Proxy"; clients report it as a connection_exception.
    public static GateRefusal BorrowTimeout { get; } = new("borrow-timeout", "08000",
        "Timed-out waiting to acquire database connection.", "there was no writer within the proxy's borrow timeout");

    public static GateRefusal StandbyAsked { get; } = new("standby", "08000",
        "Timed-out waiting to acquire database connection.",
        "the server is a standby, and a password's proof is good for one server only: the gate cannot try another");

    // RDS asks for tokens through PAM, and tells the client no more than that; RDS Proxy has its own words.
    public static GateRefusal Token(GateKind kind, string user, IamTokenVerdict.Refused refused) => kind == GateKind.Proxy
        ? new(refused.Reason, "28P01",
            $"The IAM authentication failed for the role {user}. Check the IAM token for this role and try again.", refused.Sentence)
        : new(refused.Reason, "28000", $"PAM authentication failed for user \"{user}\"", refused.Sentence);

    public static GateRefusal UnexpectedLogin(ExpectedLogin expected) => expected == ExpectedLogin.None
        ? new("membership-unknown", "58000", "the lab could not tell whether the user logs in with a token",
            "the question whether the user is a member of rds_iam failed, and the server refused nothing by itself")
        : new("unexpected-login", "58000", "the lab's endpoint and its server disagree on how the user logs in",
            $"expected of the server's pg_hba.conf: {expected}");
}
