using Amazon.RDS;

namespace Automation.Fleet;

/// <summary>
/// RDS of one Region or another, for work on a whole fleet: these clients wait and try again when AWS asks for fewer calls.
/// </summary>
internal interface IRdsRegions
{
    /// <summary>The Region the function runs in.</summary>
    string Home { get; }

    IAmazonRDS In(string region);
}
