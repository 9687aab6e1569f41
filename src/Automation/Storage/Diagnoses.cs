using Automation.Storage.Bytes;

namespace Automation.Storage;

/// <summary>What the causes of growth mean for growing the volume. Pure.</summary>
internal static class Diagnoses
{
    /// <param name="causes"><see cref="CauseRules.Of"/>: the main one first.</param>
    public static Diagnosis Of(IReadOnlyList<Cause> causes) =>
        // One that grows on, whatever the size, makes any step useless, even if it is not the main one.
        new(causes[0].Code, causes.All(cause => IsCuredByRoom(cause) is true) ? true : causes.Any(cause => IsCuredByRoom(cause) is false) ? false : null,
            string.Join(". ", causes.Select(cause => AdviceRules.Of(cause).Sentence.TrimEnd('.'))), [.. causes.Select(AdviceRules.Of)]) { Brief = AdviceRules.BriefOf(causes[0]) };

    /// <summary>Nobody looked.</summary>
    public static Diagnosis None { get; } = new("", null, "", []);

    /// <summary>The database did not let us look.</summary>
    public static Diagnosis Unseen(string why) => new("unknown", null, $"what fills it could not be seen: {Shown.Failure(why)}", []) { Brief = "what fills it could not be seen" };

    private static bool? IsCuredByRoom(Cause cause) => cause switch
    {
        Cause.Data or Cause.DeadRows or Cause.Logs => true,
        Cause.AbandonedSlot or Cause.LaggingSlot or Cause.RunawayTemporary => false,
        Cause.Unknown => null,
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, null),
    };
}
