namespace Automation.LabTests.Secrets;

/// <summary>One cell of the crash matrix.</summary>
/// <param name="Kind">Of the secret.</param>
/// <param name="Warm">One process for all steps, also after the fault; else a new one for each.</param>
/// <param name="Position">Of the call in an undisturbed rotation.</param>
/// <param name="Call">The call as it was recorded.</param>
/// <param name="Disturbance">What goes wrong.</param>
internal sealed record CrashCase(SecretKind Kind, bool Warm, int Position, ExternalCall Call, Disturbance Disturbance)
{
    public override string ToString() => $"{Kind}{(Warm ? ", warm" : "")}: [{Position}] {Call.Kind} {Disturbance}";

    /// <summary>The calls that change something.</summary>
    public static bool IsOwn(ExternalCall call) => Changes.Contains(call.Name);

    /// <summary>Every call of a rotation with every way in which it can go wrong.</summary>
    public static IReadOnlyList<CrashCase> Matrix(SecretKind kind, bool warm, IReadOnlyList<ExternalCall> calls) =>
    [
        .. calls.SelectMany((call, position) => Enum.GetValues<Disturbance>()
            .Where(disturbance => CanBe(call, disturbance, warm))
            .Select(disturbance => new CrashCase(kind, warm, position, call, disturbance))),
    ];

    // A warm process that died is a cold one. What changes nothing cannot be late, nor does it matter that it was done: of a read
    // of AWS the caller sees the same error as when it was not done, and when the SDK asks again, the same answer as at first.
    private static bool CanBe(ExternalCall call, Disturbance disturbance, bool warm) => disturbance switch
    {
        Disturbance.AppliedLate => call.Name == ExternalCall.SetPassword,
        Disturbance.ProcessDies => !warm && IsOwn(call),
        Disturbance.AppliedThenFails or Disturbance.RunsTwice => call.IsDatabase || IsOwn(call),
        _ => true,
    };

    private static readonly string[] Changes =
    [
        "secretsmanager.PutSecretValue", "secretsmanager.UpdateSecretVersionStage", "dynamodb.TransactWriteItems", "dynamodb.UpdateItem",
        "sns.Publish", ExternalCall.Lock, ExternalCall.SetPassword,
    ];
}
