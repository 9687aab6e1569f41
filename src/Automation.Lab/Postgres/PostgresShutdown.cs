using Automation.Lab.Setup;

namespace Automation.Lab.Postgres;

/// <summary>How a server ends (PostgreSQL, "Shutting Down the Server").</summary>
internal enum PostgresShutdown
{
    /// <summary>Sessions are ended, a checkpoint is written.</summary>
    Fast = Signals.Interrupt,

    /// <summary>As in a crash: the next start recovers from the WAL.</summary>
    Immediate = Signals.Quit,
}
