using Amazon.RDS;
using Amazon.RDS.Model;
using Automation.Fleet;

namespace Automation.Storage.Forecast;

/// <summary>Asks RDS.</summary>
internal sealed class RdsStorageEvents(IAmazonRDS rds) : IStorageEvents
{
    private const int FourteenDaysInMinutes = 14 * 24 * 60;

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<Resize>>> ResizesAsync(string? instance, CancellationToken cancellation)
    {
        var found = new List<ResizeEvent>();
        var request = new DescribeEventsRequest
        {
            SourceType = SourceType.DbInstance,
            SourceIdentifier = instance,
            // Counted back by RDS: a start of our own clock may be a second too old, which is refused.
            Duration = FourteenDaysInMinutes,
            // All four are of it; without it every backup of every instance is read.
            EventCategories = ["configuration change"],
            MaxRecords = 100,
        };
        do
        {
            var page = await rds.DescribeEventsAsync(request, cancellation);
            foreach (var line in page.Events ?? [])
                if (line.SourceIdentifier is { } source && RdsDatabases.Utc(line.Date) is { } at && ResizeEvents.IsFinished(line.Message) is { } finished)
                    found.Add(new ResizeEvent(at, source, finished));
            request.Marker = page.Marker;
        }
        while (!string.IsNullOrEmpty(request.Marker));
        return ResizeEvents.Pair(found);
    }
}
