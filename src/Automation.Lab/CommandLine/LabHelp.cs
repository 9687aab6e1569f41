namespace Automation.Lab.CommandLine;

internal static class LabHelp
{
    public const string Text = """
        An AWS account on this machine, made of real parts, in which a day goes wrong: what happened, what the automation
        saw, what it decided and why, what the person on call received, and the proof. Nothing is left behind.

        usage: dotnet run --project src/Automation.Lab -- [options]
               dotnet run --project src/Automation.Lab -- soak [--seed N] [--seconds S] [--executable FILE] [--log FILE]

          --only NAME     these incidents alone: snapshots, rotation, failover, connections, storage
                          (again, or with commas, for more than one)
          --observe       the functions observe (MODE=observe): they change nothing, and that is checked
          --keep          leave the lab running at the end and print how to reach it; Ctrl-C ends it
          --report FILE   write the story as one HTML page
          --seed N        for what is random (1)
          --help          this

          soak            everything at once, with faults, for S seconds (60, at least 30): with other functions
                          than those built here (--executable), keeping what they wrote (--log)

        examples:
          dotnet run --project src/Automation.Lab -- --only connections
          dotnet run --project src/Automation.Lab -- --only storage,rotation --observe
          dotnet run --project src/Automation.Lab -- --only connections --keep

        ends with 0 when everything ended as it should, 1 when a check failed, 2 when the lab could not be set up or an
        argument is wrong, 130 after Ctrl-C. docs/lab.md explains it.
        """;
}
