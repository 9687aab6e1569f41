namespace Automation.Database;

/// <summary>Variables of the environment that Npgsql obeys and that a connection string cannot overrule with "nothing".</summary>
internal static class DriverEnvironment
{
    private static readonly (string Name, string Effect)[] Refused =
    [
        ("PGOPTIONS", "would be sent at login, where RDS Proxy refuses it and an instance lets it change what a session does"),
        ("PGSSLCERT", "would make the driver present a client certificate, or fail when the file is missing"),
        ("PGSSLKEY", "would make the driver present a client certificate, or fail when the file is missing"),
    ];

    /// <exception cref="InvalidOperationException">One of them is set; the message names it.</exception>
    public static void Check(Func<string, string?> read)
    {
        foreach (var (name, effect) in Refused)
            if (!string.IsNullOrEmpty(read(name)))
                throw new InvalidOperationException($"The environment variable {name} {effect}. Unset it for this process.");
    }
}
