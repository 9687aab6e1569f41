using Npgsql;

namespace Automation.Lab.Incidents;

/// <summary>One session of the storm.</summary>
/// <param name="What">What it plays, for a person.</param>
/// <param name="Pid">Its backend.</param>
/// <param name="Start">When the backend started: a pid alone may be used again.</param>
/// <param name="Protected">Whether nobody may end it.</param>
/// <param name="Connection">The client's side; <c>null</c> for the walsender, which has a client of its own kind.</param>
internal sealed record StormMember(string What, int Pid, DateTime Start, bool Protected, NpgsqlConnection? Connection);
