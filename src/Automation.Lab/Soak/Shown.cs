using System.Globalization;

namespace Automation.Lab.Soak;

/// <summary>On how many things of one class an invariant was checked.</summary>
/// <param name="Count">So many.</param>
/// <param name="What">In the plural.</param>
/// <param name="MayBeAbsent">Whether a soak may end without one: then it is said, and nothing more is concluded from it.</param>
internal sealed record Shown(int Count, string What, bool MayBeAbsent = false)
{
    /// <summary>For people: a class that did not come to be is named, too.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Count} {What}") + (Count > 0 ? "" : " (not shown)");
}
